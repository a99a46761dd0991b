from pyspark.sql import SparkSession

# What makes one text of the models mean the same on both engines (models/README.md).
DIALECT = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parser.escapedStringLiterals": "true",
    "spark.sql.ansi.enabled": "false",
}

# Filters inferred from other filters: over models as wide as ours they cost more than they save, and with them Spark 3.5 cannot end
# the plan of a union (`key not found` in localCheckpoint).
PLANNING = {"spark.sql.constraintPropagation.enabled": "false"}


def open_session() -> SparkSession:
    """The session with the dialect of the models; catalog and jars come from the job's --conf."""
    spark = SparkSession.builder.appName("wellspring").getOrCreate()
    for name, value in {**DIALECT, **PLANNING}.items():
        spark.conf.set(name, value)
    return spark
