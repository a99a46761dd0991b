from pyspark.sql import DataFrame, SparkSession

from wellspring.layout import OBJECTS_TABLE
from wellspring.models import settle
from wellspring.owners import OWNED, OWNERS
from wellspring.tables import Lake

# Records of what somebody owns now, and of our own facts: an account that was handed on leaves records of nobody behind.
RECORDS_OF_OWNED = """
select r.*
from lake_records r
left join owned o on o.raw_key = r.raw_key
where r.provider = 'wellspring' or o.raw_key is not null"""


def bind_everything(lake: Lake) -> None:
    """Binds `objects`, `records` and `account_owners` of everybody as the models see them, from what is stored."""
    settle(lake.read("objects"), "all_objects")
    settle(lake.read(OWNERS), OWNERS)
    settle(lake.spark.sql(OWNED), "owned")
    bind_scope(lake.spark, lake.read("records"))


def bind_scope(spark: SparkSession, records: DataFrame) -> None:
    """Binds `objects` and `records` from `all_objects`, `owned` and the records of everything."""
    columns = [name for name in OBJECTS_TABLE.columns if name not in ("intake", "readers_version")]
    settle(spark.table("all_objects").select(*columns), "objects")
    records.createOrReplaceTempView("lake_records")
    settle(spark.sql(RECORDS_OF_OWNED), "records")
