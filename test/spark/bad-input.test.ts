import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../support/directory.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { type JobAnswer } from '../support/spark.ts';
import { MODELS } from '../support/transform.ts';
import { deleted, good, kept } from '../models/bad-household.ts';
import { openSparkPlant, type SparkPlant } from './plant.ts';
import { lakeTables, localTables } from './twin.ts';

if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

const keysIn = (lines: string): readonly string[] =>
  [...lines.matchAll(/"key":"([^"]+)"/g)].map(([, key = '']) => key).toSorted();

describe.skipIf(!hasSpark)('bad input', () => {
  let plant: SparkPlant;
  let failed: JobAnswer;
  const announced: string[] = [];
  beforeAll(async () => {
    plant = await openSparkPlant();
    await plant.store(good);
  });
  afterAll(() => plant.stop());

  const rows = (sql: string) => plant.spark.rows(sql.replaceAll('from ', 'from lake.health.'));
  const count = async (table: string) => Number((await rows(`select count(*) as n from ${table}`))[0]?.['n']);
  const run = async (): Promise<void> => {
    for (const job of ['silver', 'gold'] as const) expect((await plant.spark.job(job)).error).toBeUndefined();
  };
  const publishedSteps = () => rows(`select local_date, value from daily_metrics where metric = 'steps'`);
  const PUBLISHED = [{ local_date: '2026-11-10', value: 5000 }];
  /** Grains that are there more than once. */
  const twice = (table: string, grain: string) =>
    rows(`select ${grain} from ${table} group by ${grain} having count(*) > 1`);
  const weights = async (user: string) =>
    (await rows(`select local_date, value from daily_metrics where user_id = '${user}' and metric = 'weight_kg'`)).map(
      (row) => `${String(row['local_date'])} ${String(row['value'])}`,
    );

  test('a model that does not compile: the error names it, and what was published stays', async () => {
    await run();
    announced.push(...(await plant.events()).map(({ batch_id }) => batch_id));
    expect(announced).toHaveLength(1);
    expect(await publishedSteps()).toEqual(PUBLISHED);
    expect(await count('observations')).toBe(1);
    const before = await plant.snapshots();
    await plant.store([...kept.slice(good.length), deleted]);
    const models = temporaryDirectory();
    cpSync(MODELS, models, { recursive: true });
    writeFileSync(path.join(models, 'intermediate', 'sample_checks.sql'), 'select (');
    failed = await plant.spark.job('silver', {
      more: ['--MODELS', models],
      meanwhile: { at: 'listed', removes: deleted.key },
    });
    expect(failed.error).toBe('model_failed: the model sample_checks failed: PARSE_SYNTAX_ERROR');
    expect(failed.lines.at(-1)).toEqual({ step: 'silver failed', code: 'model_failed', error: failed.error });
    expect([await publishedSteps(), await count('observations')]).toEqual([PUBLISHED, 1]);
    // What was read is noted before a model runs; no mart has another snapshot.
    const { objects = 0, records = 0 } = before;
    expect(await plant.snapshots()).toEqual({ ...before, objects: objects + 1, records: records + 1 });
    expect(await plant.events()).toEqual([]);
  });

  test('an object deleted between listing and reading: the run goes on without it', async () => {
    expect(failed.lines.find(({ step }) => step === 'listed')).toMatchObject({ objects: kept.length + 1 });
    expect(await count('objects')).toBe(kept.length);
    expect(await rows(`select raw_key from records where raw_key = '${deleted.key}'`)).toEqual([]);
  });

  test('a run killed behind one table: what it wrote is whole, and nobody is told', async () => {
    expect(await plant.spark.job('silver', { diesAt: 'merged observations' })).toMatchObject({ died: true });
    expect(await count('observations')).toBeGreaterThan(1);
    expect(await publishedSteps()).toEqual(PUBLISHED);
    expect(await plant.events()).toEqual([]);
    // The marks of both runs that ended early: the next one tells for them.
    expect(await plant.keys('open/')).toHaveLength(2);
  });

  test('a table of an older schema and two runs at once: the column comes back filled, and no row is there twice', async () => {
    await plant.spark.rows('alter table lake.health.observations drop column unit');
    const { error } = await plant.spark.job('silver', { meanwhile: { at: 'read', job: 'silver' } });
    // Iceberg's catalog shows a run the table it loaded until nobody has looked at it for 30 s. Where the other run took less, this one
    // compares with rows of before the other's commit and is refused its own (`merge_failed`); where it took longer, this one loads the table
    // anew and finds done what it was about to do (`done`). Which it is the machine says. Either leaves every row once, nobody told of halves,
    // and a mark, by which the next run (below) makes one batch of it all.
    expect(error ?? 'done').toMatch(/^(done|merge_failed: the commit of \w+ failed: \w+)$/);
    expect(await twice('observations', 'user_id, raw_key, raw_pointer, metric, stat')).toEqual([]);
    expect(await twice('records', 'raw_key, entity, pointer')).toEqual([]);
    expect(await twice('objects', 'raw_key')).toEqual([]);
    expect(await count('objects')).toBe(kept.length);
    expect(await publishedSteps()).toEqual(PUBLISHED);
    expect(await plant.events()).toEqual([]);
    expect((await plant.keys('open/')).length).toBeGreaterThan(2);
    expect(await rows(`select distinct unit from observations where provider = 'apple'`)).toEqual([{ unit: 'kg' }]);
  });

  test('the next run heals the rest: the tables are those of one undisturbed run', async () => {
    await run();
    const local = await localTables(
      path.join(temporaryDirectory(), 'lake'),
      kept,
      { batchId: 'b', now: 0 },
      { ours: false },
    );
    expect(await lakeTables(plant, { ours: false })).toEqual(local);
    expect(await plant.keys('open/')).toEqual([]);
    announced.push(...(await plant.events()).map(({ batch_id }) => batch_id));
    // The good day's batch, and one for all that came after: an event for each, and every object in one of them.
    const records = (await plant.keys('runs/')).filter((key) => key.endsWith('/batch.json'));
    expect(records).toEqual(announced.map((id) => `runs/${id}/batch.json`));
    const taken = await Promise.all(announced.map((id) => plant.text(`runs/${id}/taken.ndjson`)));
    expect(taken.map(keysIn)).toEqual(
      [good, kept.slice(good.length)].map((one) => one.map(({ key }) => key).toSorted()),
    );
  });

  test('a malformed object and an unknown type: refused whole, by their rules', async () => {
    const refused = await rows(
      `select rule, raw_key from quarantine where rule in ('malformed', 'no_reader') order by rule, raw_key`,
    );
    expect(
      refused.map(({ rule, raw_key }) => `${String(rule)} ${String(raw_key).split('/').slice(3, 5).join('/')}`),
    ).toEqual([
      expect.stringMatching(/^malformed a_\w+\/dailies-0{64}/),
      expect.stringMatching(/^malformed a_\w+\/dailies-[0-9a-f]*[1-9a-f]/),
      expect.stringMatching(/^no_reader a_\w+\/unheardOf-/),
    ]);
  });

  test('an impossible value and an unknown unit: refused at their place, while what stands beside them is published', async () => {
    expect(
      await rows(
        `select rule, pointer, text from quarantine where rule in ('out_of_range', 'unknown_unit') order by rule`,
      ),
    ).toEqual([
      { rule: 'out_of_range', pointer: '/dailies/0/steps', text: '999999999' },
      { rule: 'unknown_unit', pointer: '/data/metrics/0/data/0/qty', text: '7' },
    ]);
    const steps = await rows(
      `select local_date, metric, value from daily_metrics where metric in ('steps', 'floors_climbed') order by 1`,
    );
    expect(steps).toEqual([
      { local_date: '2026-11-10', metric: 'steps', value: 5000 },
      { local_date: '2026-11-12', metric: 'floors_climbed', value: 8 },
    ]);
  });

  test('an unknown zone: told by its rule and name, and the value stands without an offset', async () => {
    expect(await rows(`select user_id, pointer, detail from quarantine where rule = 'unknown_zone'`)).toEqual([
      { user_id: 'u_b', pointer: '/body/measuregrps/0', detail: 'time zone not known: Mars/Olympus' },
    ]);
    expect(await rows(`select value, offset_s, zone from observations where user_id = 'u_b'`)).toEqual([
      { value: 70, offset_s: null, zone: null },
    ]);
  });

  test('a correction that came twice, and an older one that came late, change nothing more; of two that contradict each other the last counts', async () => {
    // 13 Nov from the phone; 15 Nov changed at 200 to 81 kg; 16 Nov said twice of one change, 83 kg last.
    expect((await weights('u_a')).toSorted()).toEqual(['2026-11-13 80', '2026-11-15 81', '2026-11-16 83']);
  });
});
