import {
  CreateBucketCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { gathered } from '../../ports/engine/lines.ts';
import { createRuns } from '../../ports/engine/runs.ts';
import { type Moto, startMoto } from '../support/moto.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ANNA = 'a_anna';
const BEN = 'a_ben';

let moto: Moto;
let n = 0;
beforeAll(async () => {
  moto = await startMoto();
}, 60_000);
afterAll(() => moto.stop());

const lines = (all: readonly object[]): string => all.map((one) => `${JSON.stringify(one)}\n`).join('');
const row = (user: string) => ({ row: { user_id: user, value: 1 } });

/** A bucket, and the records of runs in it as the job writes them: the record of the run itself last. */
async function openRuns() {
  const Bucket = `runs-${(n += 1)}`;
  const client = new S3Client({ endpoint: moto.url, region: 'us-east-1', forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const put = async (Key: string, text: string) =>
    void (await client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(text) })));
  const finish = async (
    id: string,
    files: Readonly<Record<string, readonly object[]>> = {},
    record: Readonly<Record<string, unknown>> = {},
  ) => {
    for (const [name, all] of Object.entries(files)) await put(`runs/${id}/${name}.ndjson`, lines(all));
    const at = isoOf(id);
    const figures = { objects: 1, observations: 2, quarantined: 0, days: 1, users: ['u_anna'], tables: {} };
    const whole = { schema: 1, batch_id: id, started_at: at, finished_at: at, ...figures, ...record };
    await put(`runs/${id}/batch.json`, JSON.stringify(whole));
  };
  const runs = createRuns({ bucket: Bucket, clock: createFixedClock(NOW), connection: moto.connection });
  const versions = async () => {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket }));
    return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].length;
  };
  return { client, Bucket, put, finish, runs, versions };
}

/** `b_20261120t060000z_abcdef` → `2026-11-20T06:00:00.000Z` */
const isoOf = (id: string): string =>
  id.replace(/^b_(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)z_.*/, '$1-$2-$3T$4:$5:$6.000Z');
const rawKey = (date: string, account: string, name: string): string => `raw/${date}/garmin/${account}/${name}.json`;

describe('the records of runs', () => {
  test('say which objects finished runs took in, the later run having the last word', async () => {
    const { runs, finish, put } = await openRuns();
    const [one, two] = [rawKey('2026-11-20', ANNA, 'one'), rawKey('2026-11-20', BEN, 'two')];
    await finish('b_20261120t060000z_abcdef', {
      taken: [
        { key: one, intake: 'read' },
        { key: two, intake: 'unread' },
      ],
    });
    await finish('b_20261120t070000z_abcdef', { taken: [{ key: two, intake: 'read' }] });
    // It never finished.
    await put(
      'runs/b_20261120t080000z_abcdef/taken.ndjson',
      lines([{ key: rawKey('2026-11-20', ANNA, 'x'), intake: 'read' }]),
    );
    expect([...(await runs.known())]).toEqual([
      [one, 'read'],
      [two, 'read'],
    ]);
    expect(await runs.lastFinished()).toBe(Date.parse('2026-11-20T07:00:00Z'));
    expect((await gathered(runs.since())).map((run) => run.batch_id)).toEqual([
      'b_20261120t060000z_abcdef',
      'b_20261120t070000z_abcdef',
    ]);
    expect((await gathered(runs.since('b_20261120t060000z_abcdef'))).map((run) => run.batch_id)).toEqual([
      'b_20261120t070000z_abcdef',
    ]);
    expect(await gathered(runs.since('b_20261120t070000z_abcdef'))).toEqual([]);
  });

  test('from a date on hold what was written from then on, also by a run that began the evening before', async () => {
    const { runs, finish } = await openRuns();
    const [old, fresh] = [rawKey('2026-11-19', ANNA, 'old'), rawKey('2026-11-20', ANNA, 'fresh')];
    await finish('b_20261101t060000z_abcdef', {
      taken: [{ key: rawKey('2026-11-01', ANNA, 'first'), intake: 'read' }],
    });
    await finish('b_20261119t235930z_abcdef', {
      taken: [
        { key: old, intake: 'read' },
        { key: fresh, intake: 'read' },
      ],
    });
    expect([...(await runs.known('2026-11-20')).keys()]).toEqual([fresh]);
    expect([...(await runs.known('2026-11-19')).keys()]).toEqual([old, fresh]);
  });

  test('tell when the last run ended, however long ago, and nothing before the first', async () => {
    const { runs, finish } = await openRuns();
    expect(await runs.lastFinished()).toBeUndefined();
    await finish('b_20240102t030405z_abcdef');
    expect(await runs.lastFinished()).toBe(Date.parse('2024-01-02T03:04:05Z'));
    await finish('b_20261115t000000z_abcdef');
    expect(await runs.lastFinished()).toBe(Date.parse('2026-11-15T00:00:00Z'));
  });

  test('give what changed line by line, nothing for a table without changes, and a clear error for what cannot be read', async () => {
    const { runs, finish, put } = await openRuns();
    const id = 'b_20261120t060000z_abcdef';
    const changes = [
      { row: { user_id: 'u_anna', local_date: '2026-11-19', metric: 'steps', value: 10, alternatives: null } },
      { gone: { user_id: 'u_anna', local_date: '2026-11-18', metric: 'steps' } },
    ];
    await finish(id, { 'changed/daily_metrics': changes });
    expect(await gathered(runs.changes(id, 'daily_metrics'))).toEqual(changes);
    expect(await gathered(runs.changes(id, 'meals'))).toEqual([]);
    await put(`runs/${id}/changed/scores.ndjson`, '{"row":{"value":71}}\n{"row":{"value":72}');
    const broken = gathered(runs.changes(id, 'scores'));
    await expect(broken).rejects.toMatchObject({
      code: 'unreadable_run',
      message: expect.stringContaining(`line 2 of runs/${id}/changed/scores.ndjson`),
    });
    await expect(broken).rejects.not.toThrow(/72/);
    await put('runs/b_20261120t070000z_abcdef/batch.json', '{"schema":2}');
    await expect(runs.lastFinished()).rejects.toMatchObject({ code: 'unreadable_run' });
  });

  test('are paged: more runs than one listing holds are all there', async () => {
    const { runs, put } = await openRuns();
    const ids = Array.from({ length: 1003 }, (_, at) => `b_20261120t${String(at).padStart(6, '0')}z_abcdef`);
    for (let at = 0; at < ids.length; at += 50) {
      await Promise.all(ids.slice(at, at + 50).map((id) => put(`runs/${id}/taken.ndjson`, '')));
    }
    const last = ids.at(-1) ?? '';
    const at = '2026-11-20T06:00:00.000Z';
    const figures = { objects: 0, observations: 0, quarantined: 0, days: 0, users: [], tables: {} };
    await put(
      `runs/${last}/batch.json`,
      JSON.stringify({ schema: 1, batch_id: last, started_at: at, finished_at: at, ...figures }),
    );
    expect((await gathered(runs.since())).map((run) => run.batch_id)).toEqual([last]);
  }, 120_000);

  test('lose a forgotten person in every file and version, and nobody else', async () => {
    const { runs, finish, versions, client, Bucket } = await openRuns();
    const id = 'b_20261120t060000z_abcdef';
    const [hers, his] = [rawKey('2026-11-20', ANNA, 'one'), rawKey('2026-11-20', BEN, 'two')];
    const changed = {
      'changed/daily_metrics': [row('u_anna'), row('u_ben')],
      'changed/meals': [{ gone: { user_id: 'u_anna' } }],
    };
    await finish(
      id,
      {
        taken: [
          { key: hers, intake: 'read' },
          { key: his, intake: 'read' },
        ],
        ...changed,
      },
      { users: ['u_anna', 'u_ben'] },
    );
    expect((await runs.known()).size).toBe(2);
    for (const _ of ['once', 'again']) await runs.erase({ users: ['u_anna'], accounts: [ANNA], keys: [] });
    expect([...(await runs.known()).keys()]).toEqual([his]);
    expect(await gathered(runs.changes(id, 'daily_metrics'))).toEqual([row('u_ben')]);
    expect(await gathered(runs.changes(id, 'meals'))).toEqual([]);
    expect((await gathered(runs.since()))[0]?.users).toEqual(['u_ben']);
    // batch.json, taken.ndjson, two tables: one version each.
    expect(await versions()).toBe(4);
    const page = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect((page.Versions ?? []).every(({ IsLatest }) => IsLatest === true)).toBe(true);
    // What was written again still has the mark by which the bucket ends it, and the list of taken objects has none.
    const marks = async (name: string) =>
      (await client.send(new GetObjectTaggingCommand({ Bucket, Key: `runs/${id}/${name}` }))).TagSet;
    expect(await marks('changed/daily_metrics.ndjson')).toEqual([{ Key: 'holds', Value: 'values' }]);
    expect(await marks('taken.ndjson')).toEqual([]);
  });
});
