import json
from collections.abc import Iterable
from dataclasses import dataclass

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StringType, StructField, StructType

from wellspring.catalog import Catalog
from wellspring.errors import JobError
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
    plan = frame.localCheckpoint(eager=True)._jdf.logicalPlan().newInstance()
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


def _times_read(catalog: Catalog) -> dict[str, int]:
    texts = [model.sql for model in catalog.models.values()] + list(catalog.audits.values())
    names = [name for text in texts for name in references_of(text)]
    return {name: names.count(name) for name in catalog.models}


def run_models(spark: SparkSession, catalog: Catalog, roots: Iterable[str], bound: Iterable[str] = ()) -> list[str]:
    """
    Runs these models and what they need, those in `bound` left as they are: what is stored or read more than once is computed here and now,
    the rest is a view. Answers the names in order; `model_failed` names the model.
    """
    wanted = set(roots)
    read = _times_read(catalog)
    ordered = order_models(catalog.models, sorted(wanted), bound)
    for model in ordered:
        try:
            frame = spark.sql(model.sql)
            if model.spec.is_table or model.name in wanted or read[model.name] > 1:
                settle(frame, model.name)
            else:
                frame.createOrReplaceTempView(model.name)
        except (PySparkException, Py4JJavaError) as error:
            # What Spark says of rows (the second, whole) may hold a person's values, and a cause is printed with its words.
            kind = error.getErrorClass() if isinstance(error, PySparkException) else error.java_exception.getClass().getSimpleName()
            raise JobError("model_failed", f"the model {model.name} failed: {kind or type(error).__name__}") from None
    return [model.name for model in ordered]
