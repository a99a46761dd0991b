"""
Runs the jobs in one session, as Glue would each in its own: a request a line of standard input, an answer a line of standard output.
{"job": "silver", "arguments": [...]} runs glue/silver.py; with "dies_at" it ends behind the line of that step, with "meanwhile":
{"at": step, "removes": [bucket, key]} or {"at": step, "job": ...} that happens there. {"sql": "select ..."} answers rows.
{"create": {"name": ..., "columns": {...}, "partition": ...}, "lake": bucket, "database": name} makes a table as the jobs do.
"""

import json
import math
import os
import runpy
import sys
import traceback
from pathlib import Path

import boto3
from pyspark.sql import SparkSession

import wellspring.log
from wellspring.session import open_session

GLUE = Path(wellspring.log.__file__).parent.parent
REAL_PRINT = print
# The JVM writes to standard output what it likes: answers keep it, everything else goes where errors go.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


class Died(BaseException):
    """Not an Exception: no handler of the jobs sees it, as none would see the end of the process."""


def happen(meanwhile: dict) -> None:
    """What goes on elsewhere while a job stands still: an object goes, or another job runs from beginning to end."""
    if "removes" in meanwhile:
        bucket, key = meanwhile["removes"]
        boto3.client("s3").delete_object(Bucket=bucket, Key=key)
        return
    mine, printing = SparkSession._instantiatedSession, wellspring.log.print
    # As it would have one to itself: views and settings of the two are apart.
    SparkSession._instantiatedSession = mine.newSession()
    told = run_job(meanwhile)
    SparkSession._instantiatedSession, wellspring.log.print = mine, printing
    if "error" in told:
        raise RuntimeError(told["error"])


def run_job(request: dict) -> dict:
    lines: list[dict] = []
    meanwhile = request.get("meanwhile") or {}

    def told(*words: object, **_: object) -> None:
        line = json.loads(str(words[0]))
        lines.append(line)
        # Seen with SPARK_LOG=1.
        REAL_PRINT(*words, file=sys.stderr, flush=True)
        if line["step"] == request.get("dies_at"):
            raise Died
        if line["step"] == meanwhile.get("at"):
            happen(meanwhile)

    sys.argv = [f"{request['job']}.py", *request["arguments"]]
    wellspring.log.print = told
    try:
        runpy.run_path(str(GLUE / f"{request['job']}.py"), run_name="__main__")
    except Died:
        return {"died": True, "lines": lines}
    except Exception as error:
        traceback.print_exc()
        return {"error": str(error), "lines": lines}
    return {"lines": lines}


def cell(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def run_sql(statement: str) -> dict:
    frame = open_session().sql(statement)
    times = [name for name, type_ in frame.dtypes if type_ == "timestamp"]
    shown = frame.selectExpr(
        *(f"date_format({name}, \"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\") as {name}" if name in times else name for name in frame.columns)
    )
    return {"rows": [{name: cell(value) for name, value in row.asDict().items()} for row in shown.collect()]}


def make_table(request: dict) -> dict:
    from wellspring.arguments import Place
    from wellspring.tables import Lake, Table

    table = Table(grain=(), **request["create"])
    Lake(open_session(), request["database"], Place(request["lake"], "")).create(table)
    return {}


def answer(request: dict) -> dict:
    if "create" in request:
        return make_table(request)
    return run_job(request) if "job" in request else run_sql(request["sql"])


# A Spark that cannot start ends this process, and what Java said of it stands on standard error.
open_session()
for line in sys.stdin:
    try:
        told = json.dumps(answer(json.loads(line)), default=str)
    except Exception as error:
        told = json.dumps({"error": f"{type(error).__name__}: {error}"})
    REAL_PRINT(told, file=ANSWERS, flush=True)
