import json
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import SparkSession

from wellspring.layout import BATCHES_TABLE
from wellspring.runs import Opened, instant
from wellspring.store import put
from wellspring.tables import Lake


def _count(spark: SparkSession, sql: str) -> int:
    return spark.sql(f"select count(*) as n from ({sql}) c").collect()[0][0]


def count_batch(spark: SparkSession) -> dict[str, int]:
    """What the objects of `told_taken` held: observations, refusals, and the days they touch."""
    mine = "raw_key in (select raw_key from told_taken where intake = 'read')"
    return {
        "objects": _count(spark, "select raw_key from told_taken"),
        "observations": _count(spark, f"select 1 from observations where {mine}"),
        "quarantined": _count(spark, f"select 1 from quarantine where {mine}"),
        "days": _count(spark, f"select distinct user_id, local_date from observations where {mine}"),
    }


def record_of(spark: SparkSession, opened: Opened, users: list[str], tables: dict[str, int]) -> dict[str, Any]:
    """The record of a run as `runs/<id>/batch.json` holds it."""
    return {
        "schema": 1,
        "batch_id": opened.batch_id,
        "started_at": instant(opened.started_ms),
        "finished_at": instant(int(datetime.now(UTC).timestamp() * 1000)),
        **count_batch(spark),
        "users": users,
        "tables": tables,
    }


def store_batch(lake: Lake, record: dict[str, Any], model_version: str) -> None:
    """Adds the run to the mart `batches`; a run that died after that is there once all the same."""
    spark = lake.spark
    ends = [datetime.fromisoformat(record[name]) for name in ("started_at", "finished_at")]
    row = (
        record["batch_id"],
        *(int(end.timestamp() * 1000) for end in ends),
        record["objects"],
        record["observations"],
        record["quarantined"],
        record["days"],
        (ends[1] - ends[0]).total_seconds(),
        json.dumps(record["tables"], separators=(",", ":")),
        model_version,
    )
    names = list(BATCHES_TABLE.columns)
    types = ["bigint" if type_ == "timestamp" else type_ for type_ in BATCHES_TABLE.columns.values()]
    rows = spark.createDataFrame([row], ", ".join(f"{name} {type_}" for name, type_ in zip(names, types, strict=True)))
    shown = [f"timestamp_millis({name}) as {name}" if name.endswith("_at") else name for name in names]
    put(lake, BATCHES_TABLE, rows.selectExpr(*shown), f"batch_id = '{record['batch_id']}'")
