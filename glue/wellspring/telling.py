from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyspark.sql import SparkSession

from wellspring.layout import TAKEN_TABLE
from wellspring.lines import TOLD, changed_rows, lines_of, pending_keys
from wellspring.models import settle, text_frame
from wellspring.runs import Runs
from wellspring.tables import Table

# Lines with values are copied at once: by this mark a rule of the bucket ends them after a month. Which objects were taken stays.
PASSING = {"Tagging": "holds=values"}


@dataclass(frozen=True)
class Told:
    """What a run is to tell: how many lines of each table, and whom they are about."""

    lines: dict[str, int]
    users: list[str]


def bind_told(spark: SparkSession, runs: Runs, tables: Sequence[Table], opened: Sequence[str]) -> Told:
    """
    Binds `told_<table>` for every table readers keep a copy of, and `told_taken`: what changes now, and what runs that died (`opened`) were
    about to tell. `changes_<table>` must be bound.
    """
    told = [table for table in tables if table.name in TOLD]
    lines = {}
    for table in told:
        pending = pending_keys(spark, runs, table, opened)
        lines[table.name] = settle(changed_rows(spark, table, pending), f"told_{table.name}").count()
    keys = [[line["key"]] for id_ in opened for line in runs.read_lines(id_, "taken.ndjson")]
    pending = text_frame(spark, ["raw_key"], keys)
    lines["taken"] = settle(changed_rows(spark, TAKEN_TABLE, pending).where("there"), "told_taken").count()
    about = [f"select user_id from told_{table.name}" for table in told]
    about += [f"select user_id from changes_{table.name}" for table in tables if "user_id" in table.columns]
    users = spark.sql(f"select user_id from ({' union '.join(about)}) u where user_id is not null order by user_id")
    return Told({name: n for name, n in lines.items() if n > 0}, [row[0] for row in users.collect()])


def _taken_lines(spark: SparkSession) -> Iterator[dict[str, str]]:
    for row in spark.sql("select raw_key, intake from told_taken order by raw_key").toLocalIterator():
        yield {"key": row["raw_key"], "intake": row["intake"]}


def write_told(spark: SparkSession, runs: Runs, batch_id: str, tables: Sequence[Table], told: Told) -> None:
    """Writes the lines below `runs/<id>/`; a table nothing is told of has no file."""
    for table in tables:
        if table.name in told.lines and table.name in TOLD:
            lines = lines_of(table, spark.table(f"told_{table.name}"))
            runs.write_lines(batch_id, f"changed/{table.name}.ndjson", lines, PASSING)
    if "taken" in told.lines:
        runs.write_lines(batch_id, "taken.ndjson", _taken_lines(spark))
