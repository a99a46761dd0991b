from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession

from wellspring.arguments import Place
from wellspring.errors import JobError, failing
from wellspring.models import settle

# Columns that record our own work: a row that differs in nothing else has not changed.
OUR_WORK = ("updated_at", "batch_id", "model_version")

BUCKETS = 8

PROPERTIES = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    # Every commit writes all of a table's metadata anew: without an end that would soon be more than the rows.
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}


@dataclass(frozen=True)
class Table:
    """A stored table: its name, its columns by Spark type in order, and the columns that tell its rows apart."""

    name: str
    columns: dict[str, str]
    grain: tuple[str, ...]
    partition: str | None = None


@dataclass(frozen=True)
class Lake:
    """Where tables are: the Iceberg catalog is always called `lake`."""

    spark: SparkSession
    database: str
    place: Place

    def name_of(self, table: str) -> str:
        return f"lake.{self.database}.{table}"

    def create(self, table: Table) -> None:
        """Makes the table when there is none, and adds the columns its .yml has gained since."""
        columns = ", ".join(f"{name} {type_}" for name, type_ in table.columns.items())
        # A day of everybody is in the files of one month; what has no day is spread by whose it is.
        by = f"bucket({BUCKETS}, {table.partition})" if table.partition is not None else None
        properties = ", ".join(f"'{name}' = '{value}'" for name, value in PROPERTIES.items())
        partition = "months(local_date)" if "local_date" in table.columns else by
        self.spark.sql(
            f"create table if not exists {self.name_of(table.name)} ({columns}) using iceberg "
            + (f"partitioned by ({partition}) " if partition is not None else "")
            + f"location '{self.place.url(f'tables/{table.name}')}' "
            + f"tblproperties ({properties})"
        )
        gained = ", ".join(f"{name} {type_}" for name, type_ in self.gained(table).items())
        if gained:
            self.spark.sql(f"alter table {self.name_of(table.name)} add columns ({gained})")

    def gained(self, table: Table) -> dict[str, str]:
        """The columns a table that is there does not have yet; one that is stored as another type: `schema_mismatch`."""
        there = {field.name: field.dataType.simpleString() for field in self.spark.table(self.name_of(table.name)).schema}
        for name, type_ in table.columns.items():
            if there.get(name, type_) != type_:
                raise JobError(
                    "schema_mismatch",
                    f"{table.name}: {name} is stored as {there[name]} and is to be {type_}; a column of another type needs another name",
                )
        return {name: type_ for name, type_ in table.columns.items() if name not in there}

    def read(self, table: str) -> DataFrame:
        return self.spark.table(self.name_of(table))

    def tables(self) -> list[str]:
        """The names of all there are."""
        return [row["tableName"] for row in self.spark.sql(f"show tables in lake.{self.database}").collect()]

    def last_version(self) -> str | None:
        """The version of the models that made the last batch."""
        last = self.read("batches").orderBy("batch_id", ascending=False).select("model_version").head()
        return None if last is None else last[0]


def check_columns(frame: DataFrame, table: Table) -> None:
    """Holds rows to what is stated: names, order and types; else `schema_mismatch`."""
    made = [f"{field.name} {field.dataType.simpleString()}" for field in frame.schema]
    stated = [f"{name} {type_}" for name, type_ in table.columns.items()]
    for at, column in enumerate(stated):
        if at >= len(made) or made[at] != column:
            raise JobError("schema_mismatch", f"{table.name}: column {at + 1} is not {column}")
    if len(made) != len(stated):
        raise JobError("schema_mismatch", f"{table.name}: there are {len(made)} columns, its .yml says {len(stated)}")


def find_changes(lake: Lake, table: Table, wanted: DataFrame, scope: str = "true") -> DataFrame:
    """
    How `wanted` differs from what is stored where `scope` holds: all columns as they are to be (of a row that is gone: as they were), `op`, `put` or
    `gone`, and whether there was such a row (`stored`). Binds it as `changes_<table>`.
    """
    stored = lake.read(table.name).where(scope)
    wanted.createOrReplaceTempView("wanted_rows")
    stored.createOrReplaceTempView("stored_rows")
    on = " and ".join(f"n.{name} <=> o.{name}" for name in table.grain)
    compared = [name for name in table.columns if name not in table.grain and name not in OUR_WORK]
    differ = " or ".join(["n.there is null", "o.there is null", *(f"not n.{name} <=> o.{name}" for name in compared)])
    cells = ", ".join(
        f"case when n.there is null then o.{name} else n.{name} end as {name}" for name in table.columns
    )
    changes = lake.spark.sql(
        f"select {cells}, case when n.there is null then 'gone' else 'put' end as op, o.there is not null as stored "
        f"from (select *, true as there from wanted_rows) n full join (select *, true as there from stored_rows) o on {on} "
        f"where {differ}"
    )
    return settle(changes, f"changes_{table.name}")


def merge(lake: Lake, table: Table) -> None:
    """Applies `changes_<table>` in one commit; call it only when there are any: MERGE of nothing is a snapshot too."""
    on = " and ".join(f"t.{name} <=> s.{name}" for name in table.grain)
    names: Sequence[str] = list(table.columns)
    # Another run that committed between is one of the reasons; the next run finds what is left to do.
    with failing("merge_failed", f"the commit of {table.name}"):
        lake.spark.sql(
            f"merge into {lake.name_of(table.name)} t using changes_{table.name} s on {on} "
            "when matched and s.op = 'gone' then delete "
            f"when matched then update set {', '.join(f't.{name} = s.{name}' for name in names)} "
            f"when not matched and s.op = 'put' then insert ({', '.join(names)}) values ({', '.join(f's.{name}' for name in names)})"
        )
