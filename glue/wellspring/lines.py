from collections.abc import Iterable, Iterator
from datetime import date
import math
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from wellspring.models import text_frame
from wellspring.runs import Runs
from wellspring.tables import Table

# What readers of a person's rows keep a copy of (ports/readings/readings.ts).
TOLD = ("daily_metrics", "sleep_sessions", "workouts", "meals", "scores", "baselines_daily", "anomalies", "readiness_daily")

EXACT = 2**53 - 1


def text_of(name: str, type_: str) -> str:
    # In SQL: Python would show an instant in the machine's own zone.
    return f"date_format({name}, \"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\") as {name}" if type_ == "timestamp" else name


def cell_of(value: Any) -> Any:
    """A cell as the warehouse port says: dates as text, what is no number null, integers beyond 2^53 text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > EXACT:
        return str(value)
    return value


def pending_keys(spark: SparkSession, runs: Runs, table: Table, batch_ids: Iterable[str]) -> DataFrame:
    """The grains runs that died have told, or were about to: they are told again."""
    lines = [line for id_ in batch_ids for line in runs.read_lines(id_, f"changed/{table.name}.ndjson")]
    told = [line.get("row") or line["gone"] for line in lines]
    rows = [[None if row[name] is None else str(row[name]) for name in table.grain] for row in told]
    return text_frame(spark, list(table.grain), rows).selectExpr(
        *(f"cast({name} as {table.columns[name]}) as {name}" for name in table.grain)
    )


def changed_rows(spark: SparkSession, table: Table, pending: DataFrame) -> DataFrame:
    """
    All grains of `changes_<table>` and `pending` with their rows as they are to be, and whether there is one (`there`). Reads the computed
    table of the name.
    """
    grain = ", ".join(table.grain)
    pending.createOrReplaceTempView("pending_rows")
    cells = ", ".join(f"k.{name}" if name in table.grain else f"t.{name}" for name in table.columns)
    on = " and ".join(f"t.{name} <=> k.{name}" for name in table.grain)
    return spark.sql(
        f"select {cells}, t.there is not null as there "
        f"from (select {grain} from changes_{table.name} union select {grain} from pending_rows) k "
        f"left join (select *, true as there from {table.name}) t on {on}"
    )


def lines_of(table: Table, changed: DataFrame) -> Iterator[dict[str, Any]]:
    """`{"row": all columns}` of what is, `{"gone": grain}` of what is no more."""
    shown = changed.selectExpr(*(text_of(name, type_) for name, type_ in table.columns.items()), "there")
    for row in shown.toLocalIterator():
        cells = row.asDict()
        if cells.pop("there"):
            yield {"row": {name: cell_of(value) for name, value in cells.items()}}
        else:
            yield {"gone": {name: cell_of(cells[name]) for name in table.grain}}
