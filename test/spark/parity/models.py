"""
Runs every model in one plain Spark, without Iceberg and AWS: a request a line of standard input, an answer a line of standard output.
{"raw": folder, "out": folder, "models": folder, "batch_id": "b", "now_ms": 0} leaves each model as Parquet below `out`.
"""

import json
import os
import sys
import traceback
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from wellspring.bind import bind_scope
from wellspring.catalog import read_catalog, texts_of_folder
from wellspring.models import Batch, bind_constants, run_models, settle
from wellspring.owners import OWNERS, find_owners
from wellspring.raw import OBJECTS, RECORDS, rows_of
from wellspring.session import open_session

# The JVM writes to standard output what it likes: answers keep it, everything else goes where errors go.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def frame_of(spark: SparkSession, rows: list[tuple], ddl: str, file: Path) -> DataFrame:
    """Rows by way of a file: as rows of Python they would be read by a Python of their own each time."""
    names = [column.split()[0] for column in ddl.split(",")]
    file.write_text("".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows))
    return spark.read.schema(ddl).json(str(file))


def bind_raw(spark: SparkSession, catalog, raw: Path, out: Path, batch_id: str) -> None:
    """Binds `objects`, `records` and `account_owners` of the documents below `raw`, whose keys are their paths."""
    files = sorted(file for file in raw.rglob("*") if file.is_file())
    read = [rows_of(file.relative_to(raw).as_posix(), file.read_bytes(), catalog.readers) for file in files]
    objects = frame_of(spark, [one for one, _ in read], OBJECTS, out / "objects.ndjson")
    records = frame_of(spark, [row for _, rows in read for row in rows], RECORDS, out / "records.ndjson")
    marks = [f"'{batch_id}' as batch_id", "'read' as intake", "'' as readers_version"]
    settle(objects.selectExpr("*", *marks), "all_objects")
    settle(records, "all_records")
    settle(spark.sql("select * from all_records where provider = 'wellspring'"), "fact_records")
    find_owners(spark, catalog)
    bind_scope(spark, spark.table("all_records"))


def answer(request: dict) -> dict:
    spark = open_session()
    # Instants as every engine reads them, and not in the old form of twelve bytes.
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    # Days of the year 1 as the models say them: what holds from the beginning is dated so.
    spark.conf.set("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED")
    catalog = read_catalog(texts_of_folder(Path(request["models"])))
    out = Path(request["out"])

    def keep(frame: DataFrame, name: str) -> None:
        # As a file in place of a checkpoint: it is computed once, for the models after it and for the comparison.
        frame.coalesce(1).write.option("compression", "none").parquet(str(out / name))
        spark.read.schema(frame.schema).parquet(str(out / name)).createOrReplaceTempView(name)

    bind_constants(spark, catalog, Batch(request["batch_id"], request["now_ms"]))
    bind_raw(spark, catalog, Path(request["raw"]), out, request["batch_id"])
    keep(spark.table(OWNERS), OWNERS)
    names = run_models(spark, catalog, sorted(catalog.models), bound=[OWNERS], keep=keep)
    return {"types": {name: spark.table(name).dtypes for name in [*names, OWNERS]}}


for line in sys.stdin:
    try:
        told = answer(json.loads(line))
    except Exception as error:
        traceback.print_exc()
        told = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(told), file=ANSWERS, flush=True)
