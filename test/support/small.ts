import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { type AwsConnection, clientSettings } from '../../ports/aws.ts';
import type { Bus, WellspringEvent } from '../../ports/bus/bus.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import { openDatabase } from '../../ports/engine/duckdb/database.ts';
import type { RawInput } from '../../ports/engine/engine.ts';
import { once } from '../../handlers/once.ts';
import { createSmallEngine } from '../../ports/engine/small/engine.ts';
import type { SmallEngineOptions } from '../../ports/engine/small/small.ts';
import { createS3Place } from '../../ports/engine/small/s3.ts';
import { createGlueIceberg } from '../../ports/iceberg/glue.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';
import { createS3Objects } from '../../ports/objects/s3.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { nameOf, s3Client } from './aws-made.ts';
import { temporaryDirectory } from './directory.ts';
import { icebergRows, modelTexts } from './iceberg-rows.ts';

type Parts = Pick<SmallEngineOptions, 'objects' | 'catalog' | 'aside' | 'place' | 'bus' | 'clock' | 'modelsDirectory'>;

const isHeld = (): Promise<boolean> => Promise.resolve(true);

/** The small engine over what a test has made, and how tables are read beside it. */
export function smallOver(parts: Parts) {
  const { objects, catalog, place, modelsDirectory } = parts;
  const ids = createSeededIds('batches');

  // One for all that is read: opening it takes longer than most of what is asked.
  const database = once(() => openDatabase());

  const rows = async (name: string, select?: string): Promise<readonly Row[]> =>
    icebergRows({ catalog, place, database: await database(), scratch: temporaryDirectory() }, name, select);

  return {
    ...parts,
    rows,
    run: (
      over: Partial<SmallEngineOptions> = {},
      request: {
        readonly signal?: AbortSignal;
        readonly isHeld?: () => Promise<boolean>;
        readonly anew?: boolean;
      } = {},
    ) => createSmallEngine({ ...parts, ids, scratch: temporaryDirectory(), ...over }).run({ isHeld, ...request }),
    compare: (over: Partial<SmallEngineOptions> = {}) =>
      createSmallEngine({ ...parts, ids, scratch: temporaryDirectory(), ...over }).compare({ isHeld }),
    async store(some: readonly RawInput[]): Promise<void> {
      for (const { key, document } of some) await objects.putIfAbsent(key, document);
    },
    tables: () => modelTexts(modelsDirectory, rows),
    /** The current snapshot of each table. */
    async snapshots(): Promise<Readonly<Record<string, string | null>>> {
      const found: Record<string, string | null> = {};
      for (const name of await catalog.names()) found[name] = (await catalog.load(name))?.snapshotId ?? null;
      return found;
    },
    /** The lines of a file below `runs/`. */
    async lines(batchId: string, below: string): Promise<readonly unknown[]> {
      const text = (await place.read(`runs/${batchId}/${below}`)) ?? '';
      return text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
    },
  };
}

/** A bus that keeps what it was given. */
export function keepingBus(): { readonly bus: Bus; readonly events: WellspringEvent[] } {
  const events: WellspringEvent[] = [];
  return {
    events,
    bus: {
      async publish(some) {
        events.push(...some);
        return some.map(() => ({ ok: true }));
      },
    },
  };
}

/** Raw bucket, lake and catalog of a made-up stack, and the small engine over them. */
export async function openSmall(
  connection: AwsConnection,
  { clock, models }: { readonly clock: Clock; readonly models: string },
) {
  const [raw, bucket] = [nameOf('raw'), nameOf('lake')];
  const database = nameOf('db').replaceAll('-', '_');
  const s3 = s3Client(connection);
  for (const Bucket of [raw, bucket]) await s3.send(new CreateBucketCommand({ Bucket }));
  const glue = new GlueClient(clientSettings(connection));
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
  const { bus, events } = keepingBus();
  const tables = { bucket, database, connection, clock, ids: createSeededIds('files') };
  const catalog = createGlueIceberg(tables);
  const aside = () => createGlueIceberg({ ...tables, isAside: true });
  const objects = createS3Objects({ bucket: raw, connection });
  const place = createS3Place({ bucket, connection });
  return {
    ...smallOver({ objects, catalog, aside, place, bus, clock, modelsDirectory: models }),
    raw,
    bucket,
    database,
    events,
  };
}
