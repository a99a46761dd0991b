from pyspark.sql import SparkSession

from wellspring.catalog import Catalog
from wellspring.models import run_models, settle

OWNERS = "account_owners"

# Each object's owner at the receive time of the earliest copy of its payload.
OWNED = f"""
with earliest as (
  select *, min(received_ms) over (partition by account, type, raw_sha256) as first_ms from all_objects
)
select e.raw_key, min(o.user_id) as user_id
from earliest e
join {OWNERS} o
  on o.account = e.account
  and coalesce(o.from_ms, 0) <= e.first_ms and e.first_ms < coalesce(o.until_ms, 9223372036854775807)
group by e.raw_key"""


def find_owners(spark: SparkSession, catalog: Catalog) -> None:
    """From `all_objects` and `fact_records`: makes `account_owners` (everybody's) and `owned(raw_key, user_id)`."""
    spark.sql("select * from all_objects where provider = 'wellspring'").createOrReplaceTempView("objects")
    spark.sql("select * from fact_records").createOrReplaceTempView("records")
    run_models(spark, catalog, [OWNERS])
    settle(spark.sql(OWNED), "owned")
