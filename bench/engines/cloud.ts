import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from '../../ports/aws.ts';
import { startMoto } from '../../test/support/moto.ts';
import { makeCloud } from '../transform/cloud.ts';
import type { Taken } from './taken.ts';

/** A stack as moto plays it that has stored a batch and computed nothing yet; Spark has a lake and a catalog of its own in it. */
export interface Cloud {
  readonly url: string;
  /** Where the bundles of the functions lie. */
  readonly bundles: string;
  /** Of the function that computes. */
  readonly variables: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** Of Spark: a bucket and a database. */
export const SPARK = { lake: 'spark-lake', database: 'spark' };
const AT_ONCE = 16;

export async function openCloud(bundles: string, { directory, keys }: Taken): Promise<Cloud> {
  const moto = await startMoto();
  process.once('exit', () => void moto.stop());
  const { raw, variables } = await makeCloud(moto);
  const settings = clientSettings(moto.connection);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: SPARK.lake }));
  await new GlueClient(settings).send(new CreateDatabaseCommand({ DatabaseInput: { Name: SPARK.database } }));
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const some = keys.slice(at, at + AT_ONCE);
    await Promise.all(some.map((key) => raw.putIfAbsent(key, readFileSync(path.join(directory, key)))));
  }
  return { url: moto.url, bundles, variables, stop: () => moto.stop() };
}
