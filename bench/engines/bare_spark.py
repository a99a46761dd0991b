"""Bare Spark: reads the documents of a batch and counts them by type and day, and nothing else: bare_spark.py DIRECTORY"""

import json
import sys

from pyspark.sql import SparkSession

from java import end_java

spark = SparkSession.builder.appName("bare").getOrCreate()
documents = spark.read.options(recursiveFileLookup="true", pathGlobFilter="*.json").text(f"{sys.argv[1]}/raw")
opened = documents.selectExpr(
    "get_json_object(value, '$.type') as type",
    "substring(get_json_object(value, '$.time'), 1, 10) as day",
    "length(value) as characters",
)
rows = opened.groupBy("type", "day").agg({"*": "count", "characters": "sum"}).collect()
print(f"=> {json.dumps({'objects': sum(row['count(1)'] for row in rows), 'groups': len(rows)})}", flush=True)
end_java()
