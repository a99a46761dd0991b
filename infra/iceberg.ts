import * as pulumi from '@pulumi/pulumi';

const CATALOG = 'spark.sql.catalog.lake';

/** Spark's settings for the Iceberg tables of a bucket, chained in one argument as Glue wants it; the catalog's name is the jobs' own. */
export function iceberg(bucket: pulumi.Input<string>): pulumi.Output<string> {
  const settings = [
    'spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
    `${CATALOG}=org.apache.iceberg.spark.SparkCatalog`,
    `${CATALOG}.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog`,
    `${CATALOG}.io-impl=org.apache.iceberg.aws.s3.S3FileIO`,
  ];
  return pulumi.interpolate`${settings.join(' --conf ')} --conf ${CATALOG}.warehouse=s3://${bucket}/tables/`;
}
