import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StringType, StructField, StructType

from wellspring.catalog import Catalog
from wellspring.errors import failing
from wellspring.order import order_models, references_of


@dataclass(frozen=True)
class Batch:
    """The one row of `batch`."""

    batch_id: str
    now_ms: int


def settle(frame: DataFrame, name: str) -> DataFrame:
    """
    Computes a frame once and binds it. Its plan ends here: a hundred views in one another grow a plan no driver holds, and a cache keeps
    the plan. What is computed lives with the workers; a lost one ends the run, and the next run does it again.
    """
    # With columns of its own: they keep the identity of those they came from, and Spark 3.5 then mistakes one for the other in a join.
    # (Names given anew would be a projection, which it does not tell apart from itself either.)
    spark = frame.sparkSession
    # Where a shuffle makes one partition, rows that are all in one need none.
    whole = frame.coalesce(1) if spark.conf.get("spark.sql.shuffle.partitions") == "1" else frame
    plan = whole.localCheckpoint(eager=True)._jdf.logicalPlan().newInstance()
    settled = DataFrame(spark._jvm.org.apache.spark.sql.Dataset.ofRows(spark._jsparkSession, plan), spark)
    settled.createOrReplaceTempView(name)
    return settled


def text_frame(spark: SparkSession, columns: list[str], rows: list[list[str | None]]) -> DataFrame:
    """Rows whose every column is text."""
    return spark.createDataFrame(rows, StructType([StructField(name, StringType()) for name in columns]))


def seed_frame(spark: SparkSession, columns: list[str], rows: list[list[str | None]]) -> DataFrame:
    """The same of a few hundred rows, as one literal: rows of Python would start a Python of its own for every seed."""
    text = json.dumps([dict(zip(columns, row, strict=True)) for row in rows])
    shape = ", ".join(f"{name}: string" for name in columns)
    return spark.sql(f"select inline(from_json(:rows, 'array<struct<{shape}>>'))", args={"rows": text})


def bind_constants(spark: SparkSession, catalog: Catalog, batch: Batch) -> None:
    """Binds what models read beside `objects` and `records`: seeds, `readers`, `versions` and the one row of `batch`."""
    for name, (header, *rows) in catalog.seeds.items():
        # As DuckDB reads a CSV: a cell with nothing in it is none.
        cells = [[cell if cell != "" else None for cell in row] for row in rows if row]
        settle(seed_frame(spark, header, cells), name)
    lines = [[r.type, r.entity, *(text or None for text in (r.replaces, r.version, r.grows, r.date))] for r in catalog.readers]
    named = [line for line in lines if line[1]]
    settle(seed_frame(spark, ["type", "entity", "replaces", "version", "grows", "date"], named), "readers")
    settle(seed_frame(spark, ["model", "version"], [list(row) for row in catalog.versions.items()]), "versions")
    row = f"'{batch.batch_id}' as batch_id, cast({batch.now_ms} as bigint) as now_ms"
    settle(spark.sql(f"select {row}"), "batch")


def _computed(catalog: Catalog) -> set[str]:
    """
    The models that are no views: those read more than once, and those whose reader also reads something they read themselves. Spark 3.5
    takes the columns of both for the same ones there, and finds neither.
    """
    reads = {model.name: references_of(model.sql) for model in catalog.models.values()}
    texts = [*reads.values(), *(references_of(text) for text in catalog.audits.values())]
    times = Counter(name for names in texts for name in names)
    shared = {name for names in reads.values() for name in names if set(reads.get(name, ())) & set(names) & catalog.models.keys()}
    return {name for name in catalog.models if times[name] > 1} | shared


def run_models(
    spark: SparkSession,
    catalog: Catalog,
    roots: Iterable[str],
    bound: Iterable[str] = (),
    keep: Callable[[DataFrame, str], object] = settle,
) -> list[str]:
    """
    Runs these models and what they need, those in `bound` left as they are: what is stored, read more than once or beside what it reads is computed
    here and now and bound (`keep`), the rest is a view. Answers the names in order; `model_failed` names the model.
    """
    wanted = set(roots)
    computed = _computed(catalog)
    ordered = order_models(catalog.models, sorted(wanted), bound)
    for model in ordered:
        with failing("model_failed", f"the model {model.name}"):
            frame = spark.sql(model.sql)
            if model.spec.is_table or model.name in wanted or model.name in computed:
                keep(frame, model.name)
            else:
                frame.createOrReplaceTempView(model.name)
    return [model.name for model in ordered]
