import re

from pyspark.sql import DataFrame, SparkSession

from wellspring.catalog import Catalog
from wellspring.owners import OWNERS
from wellspring.raw import OBJECTS, RECORDS
from wellspring.tables import Table


def _columns(ddl: str) -> dict[str, str]:
    return dict(re.findall(r"(\w+) (\w+)", ddl))


# `intake` and the lines it was read by stand beside what models see.
OBJECTS_TABLE = Table(
    "objects",
    {**_columns(OBJECTS), "batch_id": "string", "intake": "string", "readers_version": "string"},
    ("raw_key",),
    "account",
)
RECORDS_TABLE = Table("records", _columns(RECORDS), ("raw_key", "entity", "pointer"), "account")
OWNERS_TABLE = Table(
    OWNERS,
    {
        "account": "string",
        "provider": "string",
        "user_id": "string",
        "connection_id": "string",
        "from_ms": "bigint",
        "until_ms": "bigint",
    },
    ("account", "user_id", "from_ms"),
)
# What has been told to whoever asks which objects were read.
TAKEN_TABLE = Table("taken", {"raw_key": "string", "account": "string", "intake": "string"}, ("raw_key",), "account")
BATCHES_TABLE = Table(
    "batches",
    {
        "batch_id": "string",
        "started_at": "timestamp",
        "finished_at": "timestamp",
        "n_objects": "bigint",
        "n_observations": "bigint",
        "n_quarantined": "bigint",
        "n_days": "bigint",
        "seconds": "double",
        "tables": "string",
        "model_version": "string",
    },
    ("batch_id",),
)

# The stored models silver.py keeps; gold.py reads them and keeps the rest.
SILVER = ("observations", "samples")


def table_of(catalog: Catalog, name: str) -> Table:
    """The table of a stored model."""
    spec = catalog.models[name].spec
    return Table(name, spec.columns, spec.grain, spec.partition)


def silver_names(samples: bool) -> list[str]:
    """Those of silver.py a stack fills; without samples that table is kept empty."""
    return [name for name in SILVER if samples or name != "samples"]


def rows_of(spark: SparkSession, table: Table, samples: bool) -> DataFrame:
    """The computed rows a table is to hold: none of one this stack keeps empty."""
    if table.name != "samples" or samples:
        return spark.table(table.name)
    return spark.sql(f"select {', '.join(f'cast(null as {type_}) as {name}' for name, type_ in table.columns.items())} where false")


def gold_names(catalog: Catalog) -> list[str]:
    return [model.name for model in catalog.stored() if model.name not in SILVER]
