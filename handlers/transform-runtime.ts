import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SmallRuntime } from '../app/small.ts';
import { createEventBridgeBus } from '../ports/bus/eventbridge.ts';
import { createSystemClock } from '../ports/clock/system.ts';
import { createSmallEngine } from '../ports/engine/small/engine.ts';
import { createS3Place } from '../ports/engine/small/s3.ts';
import { createGlueIceberg } from '../ports/iceberg/glue.ts';
import { createRandomIds } from '../ports/ids/random.ts';
import { createS3Objects } from '../ports/objects/s3.ts';
import { createDynamoState } from '../ports/state/dynamodb.ts';
import type { Environment } from './environment.ts';

/** Beside the bundle, as in the source tree. */
const modelsDirectory = fileURLToPath(new URL('../models/', import.meta.url));

/** The small engine over the buckets, tables and state of the stack. */
export function open({
  RAW_BUCKET,
  LAKE_BUCKET: bucket,
  DATABASE: database,
  BUS,
  STATE_TABLE: table,
  SAMPLES: samples,
}: Environment<'transform'>): SmallRuntime {
  const [clock, ids] = [createSystemClock(), createRandomIds()];
  const small = createSmallEngine({
    objects: createS3Objects({ bucket: RAW_BUCKET }),
    catalog: createGlueIceberg({ bucket, database, clock, ids }),
    aside: () => createGlueIceberg({ bucket, database, clock, ids, isAside: true }),
    place: createS3Place({ bucket }),
    bus: createEventBridgeBus({ bus: BUS }),
    clock,
    ids,
    modelsDirectory,
    scratch: join(tmpdir(), 'wellspring'),
    samples,
  });
  return { state: createDynamoState({ table, clock, ids }), clock, small };
}
