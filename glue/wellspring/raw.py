from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import boto3
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from wellspring.arguments import Place
from wellspring.envelope import read_envelope
from wellspring.errors import JobError
from wellspring.readers import Reader
from wellspring.records import read_records

OBJECTS = """raw_key string, raw_sha256 string, delivery_id string, provider string, account string, type string, received_ms bigint,
  bytes bigint, receiver string, covers_from string, covers_to string, problem string, problem_detail string"""

RECORDS = """raw_key string, raw_sha256 string, delivery_id string, provider string, account string, type string, entity string,
  received_ms bigint, covers_from string, covers_to string, pointer string, parent string, key string, record string, carried string"""

# A task's objects; small enough that a slow one is not waited for long.
OBJECTS_A_TASK = 200


def list_keys(raw: Place) -> list[str]:
    """The keys of everything stored, in order."""
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=raw.bucket, Prefix=raw.prefix)
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    return [key for key in keys if not key.endswith("/")]


def rows_of(key: str, content: bytes, readers: Sequence[Reader]) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    """A stored document as its row of `objects` and its rows of `records`."""
    told, document = read_envelope(key, content, readers)
    mine = [reader for reader in readers if reader.type == told.type]
    found = read_records(document, mine) if told.problem is None else []
    head = (told.raw_key, told.raw_sha256, told.delivery_id, told.provider, told.account, told.type)
    times = (told.received_ms, told.covers_from, told.covers_to)
    rows = [(*head, one.entity, *times, one.pointer, one.parent, one.key, one.record, one.carried) for one in found]
    return told.row(), rows


def _reading(bucket: str, readers: Sequence[Reader]):
    # Runs in the workers: a client cannot be sent there, so each task makes one. Spark's own reader knows no names of single objects.
    def read(keys: Iterable[str]) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
        client = boto3.client("s3")
        for key in keys:
            try:
                content = client.get_object(Bucket=bucket, Key=key)["Body"].read()
            except client.exceptions.NoSuchKey:
                # Forgotten since it was listed.
                continue
            try:
                yield rows_of(key, content, readers)
            except Exception as error:
                raise JobError("object_failed", f"{key}: {type(error).__name__}") from None

    return read


def read_objects(
    spark: SparkSession, raw: Place, keys: Sequence[str], readers: Sequence[Reader]
) -> tuple[DataFrame, DataFrame]:
    """Reads these objects: rows of `objects` (without the batch) and of `records`, whoever they belong to."""
    slices = max(1, min(len(keys), -(-len(keys) // OBJECTS_A_TASK)))
    read = spark.sparkContext.parallelize(list(keys), slices).mapPartitions(_reading(raw.bucket, readers))
    read.persist(StorageLevel.MEMORY_AND_DISK)
    objects = spark.createDataFrame(read.map(lambda one: one[0]), OBJECTS)
    records = spark.createDataFrame(read.flatMap(lambda one: one[1]), RECORDS)
    return objects, records
