import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RawInput } from '../../../../ports/engine/engine.ts';
import { readCatalog } from '../../../../ports/engine/duckdb/catalog.ts';
import { type Database, materialize, openDatabase } from '../../../../ports/engine/duckdb/database.ts';
import { openIntake, readEnvelopes, takeIn } from '../../../../ports/engine/duckdb/intake.ts';
import { readRecords } from '../../../../ports/engine/duckdb/records.ts';
import { FETCHED, PUSHED, generatePeople } from '../../../../local/sandbox/people.ts';
import { answersOf } from '../../../local/sandbox/answers.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { rawObject } from '../../../support/raw.ts';
import { MODELS } from '../../../support/transform.ts';

/** How many records each entity of these documents has, read with no more memory than `limit` and nothing to spill to. */
async function countIn(limit: string, objects: readonly RawInput[]): Promise<Record<string, number>> {
  const database = await openDatabase();
  try {
    await database.run(`set memory_limit = '${limit}'`);
    await openIntake(database);
    await takeIn(database, objects);
    const catalog = readCatalog(MODELS);
    await readEnvelopes(database, catalog, 'b');
    await materialize(database, 'wanted', 'select raw_key from arrivals');
    await readRecords(database, catalog);
    const rows = await database.rows(
      `select a.type || ' ' || coalesce(a.problem, r.entity, 'nothing') as what, count(*) as n
       from arrivals a left join fresh_records r using (raw_key) group by what`,
    );
    return Object.fromEntries(rows.map((row) => [String(row['what']), Number(row['n'])]));
  } finally {
    database.close();
  }
}

const RECEIVED = '2026-01-02T00:00:00Z';
const object = (provider: string, type: string, data: unknown, externalId?: string): RawInput =>
  rawObject({ provider, type, data, receivedAt: RECEIVED, ...(externalId === undefined ? {} : { externalId }) });

/** Groups of measures, of about 10 MB together. */
function measures(groups: number, each: number): unknown {
  const filler = 'x'.repeat(Math.floor(9_000_000 / groups / each) - 30);
  const measuregrps = Array.from({ length: groups }, (_, grpid) => ({
    grpid,
    attrib: 0,
    date: 1_700_000_000 + grpid,
    measures: Array.from({ length: each }, (_measure, value) => ({ value, type: 1, unit: -3, filler })),
  }));
  return { status: 0, body: { timezone: 'Europe/Paris', measuregrps } };
}

describe('the memory of the reader goes with the text and the records, not with one times the other', () => {
  test.each([
    { groups: 1, each: 50_000 },
    { groups: 500, each: 100 },
    { groups: 50_000, each: 1 },
  ])('one document of 10 MB with 50,000 elements: $each in each of $groups', async ({ groups, each }) => {
    const counts = await countIn('1GB', [object('withings', 'getmeas', measures(groups, each), 'w')]);
    expect(counts).toEqual({ 'withings.getmeas group': groups, 'withings.getmeas measure': 50_000 });
  });

  test('one of 10 MB that names no account', async () => {
    expect(await countIn('500MB', [object('withings', 'getmeas', measures(1, 50_000))])).toEqual({
      'withings.getmeas no_account': 1,
    });
  });

  test('many documents of a type: a slice of them is read at a time, and none is left out', async () => {
    const epoch = { durationInSeconds: 900, activityType: 'WALKING', steps: 1, filler: 'x'.repeat(1000) };
    // 30 of 1 MB each: parsed at once they would take ten times that
    const objects = Array.from({ length: 30 }, (_, day) =>
      object(
        'garmin',
        'epochs',
        { epochs: Array.from({ length: 900 }, (_epoch, i) => ({ startTimeInSeconds: day * 86_400 + i, ...epoch })) },
        'g',
      ),
    );
    expect(await countIn('300MB', objects)).toEqual({ 'garmin.epochs epoch': 27_000 }); // 30 x 900
  });

  test('what the fetched providers answer about two people and 90 days', async () => {
    const providers = [...PUSHED, ...FETCHED];
    const { holdings } = generatePeople({ seed: 'memory', days: 90, people: 2, until: '2026-11-15', providers });
    const answers = holdings.flatMap((holding) =>
      answersOf(holding, 0).map(({ type, text }) => object(holding.provider, type, text, holding.externalId)),
    );
    const held = (type: string): number =>
      holdings.flatMap(({ records }) => [...new Set(records.filter((one) => one.type === type).map(({ id }) => id))])
        .length;
    const counts = await countIn('500MB', answers);
    expect(counts['withings.getmeas group']).toBe(held('getmeas'));
    expect(counts['withings.sleep-get segment']).toBe(held('sleep-get'));
    expect(counts['oura.sleep sleep']).toBe(held('sleep'));
    expect(counts['withings.getmeas measure']).toBeGreaterThan(held('getmeas'));
  });
});

const LONG = `select i, repeat('x', 100) || i as text from range(1500000) t(i) order by hash(i)`;
const counted = 'select count(*) as n, count(distinct i) as d, count(distinct text) as t from long';

/** A table that is larger than its database's memory, and what is in it then. */
async function outgrow(database: Database) {
  try {
    await database.run(`set memory_limit = '60MB'`);
    await database.run(`set threads = 1`);
    await materialize(database, 'long', LONG);
    return await database.rows(counted);
  } finally {
    database.close();
  }
}

const WHOLE = [{ n: 1_500_000, d: 1_500_000, t: 1_500_000 }];

test('what outgrows memory goes to a directory that is made with those above it', async () => {
  const database = await openDatabase({ spill: join(temporaryDirectory(), 'lake', 'spill') });
  expect(await outgrow(database)).toEqual(WHOLE);
});

test('two databases outgrow memory into one directory at a time, and leave nothing there', async () => {
  const spill = join(temporaryDirectory(), 'spill');
  const both = [await openDatabase({ spill }), await openDatabase({ spill })];
  expect(await Promise.all(both.map(outgrow))).toEqual([WHOLE, WHOLE]);
  expect(readdirSync(spill, { recursive: true })).toEqual([]);
});
