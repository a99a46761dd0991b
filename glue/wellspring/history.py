from collections.abc import Sequence

import boto3

from wellspring.log import log
from wellspring.tables import Lake

DAY_MS = 86_400_000
# No run lives that long: what is older and named by nothing was left by one that was killed.
LEFT_AFTER_MS = DAY_MS
# How large Iceberg lets a manifest become.
TARGET = "commit.manifest.target-size-bytes"


def replaced_before(
    before_ms: int, log: Sequence[tuple[int, int]], made: Sequence[tuple[int, int]], kept: Sequence[int]
) -> list[int]:
    """
    Ids of the snapshots that were replaced before an instant (Unix ms), of a table's log and of its snapshots, each `(Unix ms, id)` in order, but
    those that are `kept`. Their own age says nothing: of a table that rarely changes an old one may have been current until a moment ago, and
    readers of it go on. As ports/iceberg/expire.ts.
    """
    # One that was rolled back to was current more than once: the last time counts.
    ends = {one: until for (_, one), (until, _) in zip(log, log[1:])}
    # Of one the log has lost or never had, the next snapshot is taken for that which replaced it.
    later = {one: min((at for at, _ in made if at > since), default=since) for since, one in made}
    return [one for _, one in made if one not in kept and ends.get(one, later[one]) < before_ms]


def _call(lake: Lake, procedure: str, table: str, *arguments: str) -> None:
    """Runs a procedure of Iceberg on a table; `arguments` are `name => value` in SQL."""
    listed = ", ".join([f"table => '{lake.database}.{table}'", *arguments])
    lake.spark.sql(f"call lake.system.{procedure}({listed})")


def _replaced(lake: Lake, table: str, before_ms: int) -> list[int]:
    """The snapshots of a table that were replaced before an instant (Unix ms)."""
    name = lake.name_of(table)

    # In the order of the metadata file, which is that of time.
    def rows(sql: str) -> list[tuple[int, int]]:
        return [(row[0], row[1]) for row in lake.spark.sql(sql).collect()]

    log = rows(f"select unix_millis(made_current_at), snapshot_id from {name}.history")
    made = rows(f"select unix_millis(committed_at), snapshot_id from {name}.snapshots")
    # The current one is that of the branch main.
    kept = [row[0] for row in lake.spark.sql(f"select snapshot_id from {name}.refs").collect()]
    return replaced_before(before_ms, log, made, kept)


def _expire(lake: Lake, table: str, before_ms: int) -> None:
    ids = _replaced(lake, table, before_ms)
    if ids:
        # Of itself the procedure goes by the age of a snapshot, and by five days where it is told none: nothing is older than this.
        listed = ", ".join(map(str, ids))
        older = "older_than => timestamp '1970-01-01 00:00:00'"
        _call(lake, "expire_snapshots", table, older, f"snapshot_ids => array({listed})")


def _drop_gone(lake: Lake, table: str) -> None:
    """
    Writes the manifests anew without the files that are gone. Beside each of those Iceberg keeps the least and the greatest value of every
    column, so a manifest would go on saying whose rows they were: also of a file that went with a change of long ago.
    """
    name = lake.name_of(table)
    manifests = lake.spark.sql(f"select length, deleted_data_files_count from {name}.manifests").collect()
    # A run that died in between left it, and no file that is gone.
    left = {row[0] for row in lake.spark.sql(f"show tblproperties {name}").collect()}
    if TARGET in left:
        lake.spark.sql(f"alter table {name} unset tblproperties ('{TARGET}')")
    if all(gone == 0 for _, gone in manifests):
        return
    # The procedure leaves a single one alone, unless it is larger than it is to be.
    is_single = len(manifests) == 1
    if is_single:
        lake.spark.sql(f"alter table {name} set tblproperties ('{TARGET}' = '{manifests[0][0] - 1}')")
    _call(lake, "rewrite_manifests", table)
    if is_single:
        lake.spark.sql(f"alter table {name} unset tblproperties ('{TARGET}')")


def _files_of(lake: Lake, name: str) -> set[str]:
    """Every file the table's metadata still names."""
    selects = [
        f"select file_path from {name}.all_files",
        f"select path from {name}.all_manifests",
        f"select manifest_list from {name}.snapshots",
        f"select file from {name}.metadata_log_entries",
    ]
    return {row[0] for row in lake.spark.sql(" union ".join(selects)).collect()}


def drop_history(lake: Lake, table: str, idle_ms: int) -> int:
    """
    Leaves the newest snapshot alone, with no word about what was there before, and removes every file below the table's place that it does not
    name; answers how many of those. `idle_ms` (Unix ms): no job ran then. What was written since may be of a run that has begun meanwhile and is
    about to commit it, so it stays.
    """
    _drop_gone(lake, table)
    _call(lake, "expire_snapshots", table, "older_than => timestamp '9999-01-01 00:00:00'", "retain_last => 1")
    return drop_orphans(lake, table, idle_ms)


def drop_orphans(lake: Lake, table: str, before_ms: int) -> int:
    """Removes the files below the table's place that its metadata do not name and that were written before (Unix ms); answers how many."""
    name = lake.name_of(table)
    lake.spark.sql(f"refresh table {name}")
    named = _files_of(lake, name)
    client = boto3.client("s3")
    place = lake.place
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=place.key(f"tables/{table}/"))
    found = [one for page in pages for one in page.get("Contents", []) if one["LastModified"].timestamp() * 1000 < before_ms]
    orphans = [one["Key"] for one in found if f"s3://{place.bucket}/{one['Key']}" not in named]
    for key in orphans:
        client.delete_object(Bucket=place.bucket, Key=key)
    return len(orphans)


def keep_up(lake: Lake, now_ms: int, days: int) -> None:
    """
    Once in so many days: puts small files of all tables together, ends snapshots replaced longer ago than that, and removes what killed runs
    left. Whether it is time is read from `batches`, which every run adds to and which comes last, so what was broken off is begun again.
    """
    if not _replaced(lake, "batches", now_ms - 2 * days * DAY_MS):
        return
    for table in sorted(lake.tables(), key=lambda name: (name == "batches", name)):
        _call(lake, "rewrite_data_files", table)
        _expire(lake, table, now_ms - days * DAY_MS)
        log(f"kept up {table}", files=drop_orphans(lake, table, now_ms - LEFT_AFTER_MS))
