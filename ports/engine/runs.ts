import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type AwsConnection, awsError, clientSettings, isRefusal } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import type { Intake } from './engine.ts';
import { gathered, linesOf, parsed } from './lines.ts';
import { changeLine, runRecord, type RunRecord, type Runs, type Taken, takenLine } from './run.ts';
import { createRunErasure } from './run-erasure.ts';

const DAY_MS = 86_400_000;
const AT_ONCE = 32;
/** How far back the last run is looked for: the usual case first, then everything. */
const LOOK_BACK_DAYS = [2, 40, 400] as const;
const ID = /^runs\/(?<id>b_\d{8}t\d{6}z_[a-z0-9]+)\/$/;

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');

/** The records of runs below `runs/` of one bucket. What a finished run left never changes, so it is read once. */
export function createRuns(options: {
  readonly bucket: string;
  readonly clock: Clock;
  readonly connection?: AwsConnection;
}): Runs {
  const { bucket: Bucket, clock, connection = {} } = options;
  const client = new S3Client({ ...clientSettings(connection), forcePathStyle: connection.endpoint !== undefined });
  const records = new Map<string, RunRecord>();
  const takens = new Map<string, readonly Taken[]>();
  const erasure = createRunErasure(client, Bucket);

  /** Ids of runs from `from` on (an id or its beginning), finished or not, in order. */
  async function* ids(from = ''): AsyncGenerator<string> {
    let token: string | undefined;
    do {
      const after = token === undefined ? { StartAfter: `runs/${from}` } : { ContinuationToken: token };
      const page = await client
        .send(new ListObjectsV2Command({ Bucket, Prefix: 'runs/', Delimiter: '/', ...after }))
        .catch((error: unknown) => Promise.reject(awsError(error, 'Listing runs')));
      for (const { Prefix = '' } of page.CommonPrefixes ?? []) {
        const id = ID.exec(Prefix)?.groups?.['id'];
        if (id !== undefined && id >= from) yield id;
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  /** The lines of a file of a run; undefined where there is no such file. */
  async function read(id: string, file: string): Promise<AsyncGenerator<string> | undefined> {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: `runs/${id}/${file}` }));
      return Body === undefined ? undefined : linesOf(Body.transformToWebStream());
    } catch (error) {
      if (isRefusal(error, 'NoSuchKey', 'NotFound')) return undefined;
      throw awsError(error, 'Reading the record of a run');
    }
  }

  /** Undefined while a run has not finished, and for one that never did. */
  async function record(id: string): Promise<RunRecord | undefined> {
    const kept = records.get(id);
    if (kept !== undefined) return kept;
    const lines = await read(id, 'batch.json');
    if (lines === undefined) return undefined;
    const found = parsed(runRecord, (await gathered(lines)).join('\n'), `runs/${id}/batch.json`);
    records.set(id, found);
    return found;
  }

  async function taken(id: string): Promise<readonly Taken[]> {
    const kept = takens.get(id);
    if (kept !== undefined) return kept;
    const found: Taken[] = [];
    for await (const line of (await read(id, 'taken.ndjson')) ?? []) {
      found.push(parsed(takenLine, line, `line ${found.length + 1} of runs/${id}/taken.ndjson`));
    }
    takens.set(id, found);
    return found;
  }

  const takenOf = async (id: string): Promise<readonly Taken[]> => ((await record(id)) === undefined ? [] : taken(id));

  return {
    async known(from) {
      // A run may have begun on the day before the objects it took in were written.
      const all = await gathered(ids(from === undefined ? '' : `b_${dateOf(Date.parse(from) - DAY_MS)}`));
      const known = new Map<string, Intake>();
      for (let at = 0; at < all.length; at += AT_ONCE) {
        const some = await Promise.all(all.slice(at, at + AT_ONCE).map(takenOf));
        for (const { key, intake } of some.flat())
          if (from === undefined || key >= `raw/${from}`) known.set(key, intake);
      }
      return known;
    },
    async lastFinished() {
      for (const days of [...LOOK_BACK_DAYS, undefined]) {
        const from = days === undefined ? '' : `b_${dateOf(clock.now() - days * DAY_MS)}`;
        for (const id of (await gathered(ids(from))).toReversed()) {
          const found = await record(id);
          if (found !== undefined) return Date.parse(found.finished_at);
        }
      }
      return undefined;
    },
    async *since(after) {
      for await (const id of ids(after)) {
        const found = id === after ? undefined : await record(id);
        if (found !== undefined) yield found;
      }
    },
    taken,
    async *changes(batchId, table) {
      let line = 0;
      for await (const text of (await read(batchId, `changed/${table}.ndjson`)) ?? []) {
        line += 1;
        yield parsed(changeLine, text, `line ${line} of runs/${batchId}/changed/${table}.ndjson`);
      }
    },
    async erase(whose) {
      const [first] = whose.keys.map((key) => key.split('/')[1] ?? '').toSorted();
      const isWhole = whose.users.length + whose.accounts.length > 0 || first === undefined;
      const from = isWhole ? '' : `b_${dateOf(Date.parse(first) - DAY_MS)}`;
      for await (const id of ids(from)) await erasure.rewrite(id, whose);
      await erasure.dropOld();
      records.clear();
      takens.clear();
    },
  };
}
