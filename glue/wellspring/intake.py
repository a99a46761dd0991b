from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame

from wellspring.errors import failing
from wellspring.layout import OBJECTS_TABLE, RECORDS_TABLE
from wellspring.log import log
from wellspring.models import settle, text_frame
from wellspring.owners import find_owners
from wellspring.raw import read_objects
from wellspring.settings import Settings
from wellspring.tables import Lake

IS_FACT = "provider = 'wellspring'"


@dataclass(frozen=True)
class Intake:
    """What a run takes in: all objects as they are now, and the records of the objects it is about (read, or gone)."""

    objects: DataFrame
    records: DataFrame


def _keys(frame: DataFrame) -> list[str]:
    return sorted(row[0] for row in frame.select("raw_key").collect())


def _read(lake: Lake, settings: Settings, keys: Sequence[str], batch_id: str, name: str) -> None:
    """Binds `<name>_objects` and `<name>_records`."""
    objects, records = read_objects(lake.spark, settings.raw, keys, settings.catalog.readers)
    marked = objects.selectExpr("*", f"'{batch_id}' as batch_id", "'unread' as intake")
    version = f"'{settings.catalog.readers_version}' as readers_version"
    with failing("read_failed", f"reading {len(keys)} objects"):
        settle(marked.selectExpr("*", version), f"{name}_objects")
        settle(records, f"{name}_records")


def take_in(lake: Lake, settings: Settings, listed: Sequence[str], batch_id: str, anew: bool) -> Intake:
    """
    Reads what is new, was read by other lines, or waits for a connection that has come; everything else stands as it was read. With `anew` all is
    read, and nothing stands that raw does not hold.
    Binds `owned`, `account_owners` and `affected(raw_key)`, the objects whose records are stated anew.
    """
    spark, version = lake.spark, settings.catalog.readers_version
    known = {row[0]: row[1] for row in lake.read("objects").select("raw_key", "readers_version").collect()}
    there = set(listed)
    fresh = [key for key in listed if anew or known.get(key) != version]
    # A run that was broken off may have left records of an object it had not noted.
    stored = {*known, *_keys(lake.read("records").select("raw_key").distinct())} if anew else set(known)
    gone = sorted(stored - there)
    _read(lake, settings, fresh, batch_id, "fresh")
    affected = text_frame(spark, ["raw_key"], [[key] for key in [*fresh, *gone]])
    settle(affected, "affected")
    settle(lake.read("objects").join(affected, "raw_key", "anti"), "known_objects")
    # An object read by other lines keeps the batch that took it in.
    took = lake.read("objects").selectExpr("raw_key", "batch_id as took")
    arrived = spark.table("fresh_objects").join(took, "raw_key", "left").selectExpr(
        *("coalesce(took, batch_id) as batch_id" if name == "batch_id" else name for name in OBJECTS_TABLE.columns)
    )
    kept_objects = spark.table("known_objects").select(*OBJECTS_TABLE.columns)
    settle(kept_objects.unionByName(arrived), "all_objects")
    facts = lake.read("records").where(IS_FACT).join(affected, "raw_key", "anti")
    settle(facts.unionByName(spark.table("fresh_records").where(IS_FACT)), "fact_records")
    find_owners(spark, settings.catalog)
    waiting = _keys(kept_objects.where("intake = 'unread'").join(spark.table("owned"), "raw_key", "semi"))
    records = spark.table("fresh_records")
    if waiting:
        _read(lake, settings, waiting, batch_id, "waiting")
        records = records.unionByName(spark.table("waiting_records"))
        settle(affected.unionByName(text_frame(spark, ["raw_key"], [[key] for key in waiting])), "affected")
    log("read", objects=len(fresh), waiting=len(waiting), gone=len(gone))
    owned = spark.table("owned").select("raw_key", "user_id")
    objects = spark.table("all_objects").join(owned, "raw_key", "left").selectExpr(
        *(
            f"case when problem is not null or {IS_FACT} or user_id is not null then 'read' else intake end as intake"
            if name == "intake"
            else name
            for name in OBJECTS_TABLE.columns
        )
    )
    mine = records.join(owned, "raw_key", "left").where(f"{IS_FACT} or user_id is not null")
    return Intake(settle(objects, "objects_now"), settle(mine.select(*RECORDS_TABLE.columns), "records_now"))
