from collections.abc import Sequence
from dataclasses import dataclass

import boto3
from pyspark.sql import SparkSession

from wellspring.arguments import Place, read_arguments, read_flag, read_list, read_name, read_place
from wellspring.errors import JobError
from wellspring.log import log
from wellspring.session import open_session
from wellspring.tables import Lake

REQUIRED = ("LAKE", "DATABASE")
OPTIONAL = {"USERS": "", "ACCOUNTS": "", "DRY_RUN": "false"}


@dataclass(frozen=True)
class Erasure:
    """Whose rows are to be as if they had never been."""

    users: list[str]
    accounts: list[str]


def _condition(columns: Sequence[str], erasure: Erasure) -> str | None:
    """The rows of a table that are theirs; None for a table that is about nobody. A raw key names its account."""
    wanted = {"user_id": erasure.users, "account": erasure.accounts}
    parts = [
        f"{column} in ({', '.join(literal_of(value) for value in values)})"
        for column, values in wanted.items()
        if column in columns and values
    ]
    return " or ".join(parts) if parts else None


def literal_of(value: str) -> str:
    """A name as a literal; what has a quote in it is none of our ids."""
    if "'" in value or "\\" in value:
        raise JobError("invalid_arguments", "--USERS or --ACCOUNTS holds what is no id")
    return f"'{value}'"


def _files_of(spark: SparkSession, name: str) -> set[str]:
    """Every file the table's metadata still names."""
    selects = [
        f"select file_path from {name}.all_files",
        f"select path from {name}.all_manifests",
        f"select manifest_list from {name}.snapshots",
        f"select file from {name}.metadata_log_entries",
    ]
    return {row[0] for row in spark.sql(" union ".join(selects)).collect()}


def drop_history(lake: Lake, table: str) -> int:
    """
    Leaves the newest snapshot alone and removes every file below the table's place that it does not name; answers how many of those. No job
    may write meanwhile: what it has not committed is such a file too.
    """
    spark, name = lake.spark, lake.name_of(table)
    everything = "older_than => timestamp '9999-01-01 00:00:00', retain_last => 1"
    spark.sql(f"call lake.system.expire_snapshots(table => '{lake.database}.{table}', {everything})")
    spark.sql(f"refresh table {name}")
    named = _files_of(spark, name)
    client = boto3.client("s3")
    place = lake.place
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=place.key(f"tables/{table}/"))
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    orphans = [key for key in keys if f"s3://{place.bucket}/{key}" not in named]
    for key in orphans:
        client.delete_object(Bucket=place.bucket, Key=key)
    return len(orphans)


def run(lake: Lake, erasure: Erasure, is_dry: bool) -> dict[str, int]:
    """Takes these people and accounts out of every table with all of its history; answers the rows by table. Safe to repeat."""
    spark = lake.spark
    counts = {}
    for table in sorted(row["tableName"] for row in spark.sql(f"show tables in lake.{lake.database}").collect()):
        theirs = _condition(lake.read(table).columns, erasure)
        if theirs is None:
            continue
        found = lake.read(table).where(theirs).count()
        if found > 0:
            counts[table] = found
        if is_dry:
            continue
        if found > 0:
            spark.sql(f"delete from {lake.name_of(table)} where {theirs}")
        # Also where there is no row now: an erasure that died may have left its history.
        log(f"erased {table}", rows=found, files=drop_history(lake, table))
    return counts


def main(argv: Sequence[str]) -> None:
    given = read_arguments(argv, REQUIRED, OPTIONAL)
    erasure = Erasure(read_list(given["USERS"]), read_list(given["ACCOUNTS"]))
    if not erasure.users and not erasure.accounts:
        raise JobError("invalid_arguments", "neither --USERS nor --ACCOUNTS names anybody")
    is_dry = read_flag("DRY_RUN", given["DRY_RUN"])
    place: Place = read_place("LAKE", given["LAKE"])
    lake = Lake(open_session(), read_name("DATABASE", given["DATABASE"]), place)
    log("erase done", dry_run=is_dry, tables=run(lake, erasure, is_dry))
