from datetime import UTC, datetime

import boto3

from wellspring.log import log
from wellspring.tables import Lake

DAY_MS = 86_400_000
# No run lives that long: what is older and named by nothing was left by one that was killed.
LEFT_AFTER_MS = DAY_MS


def _expire(lake: Lake, table: str, older_than: str) -> None:
    arguments = f"table => '{lake.database}.{table}', older_than => timestamp '{older_than}', retain_last => 1"
    lake.spark.sql(f"call lake.system.expire_snapshots({arguments})")


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
    Leaves the newest snapshot alone and removes every file below the table's place that it does not name; answers how many of those. `idle_ms`
    (Unix ms): no job ran then. What was written since may be of a run that has begun meanwhile and is about to commit it, so it stays.
    """
    _expire(lake, table, "9999-01-01 00:00:00")
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
    Once in so many days: puts small files of all tables together, ends snapshots older than that, and removes what killed runs left. Whether
    it is time is read from `batches`, which every run adds to and which comes last, so what was broken off is begun again.
    """
    spark = lake.spark
    oldest = spark.sql(f"select unix_millis(min(committed_at)) from {lake.name_of('batches')}.snapshots").collect()[0][0]
    if oldest is None or oldest > now_ms - 2 * days * DAY_MS:
        return
    until = datetime.fromtimestamp(now_ms / 1000 - days * DAY_MS / 1000, UTC)
    for table in sorted(lake.tables(), key=lambda name: (name == "batches", name)):
        spark.sql(f"call lake.system.rewrite_data_files(table => '{lake.database}.{table}')")
        _expire(lake, table, f"{until:%Y-%m-%d %H:%M:%S}")
        log(f"kept up {table}", files=drop_orphans(lake, table, now_ms - LEFT_AFTER_MS))
