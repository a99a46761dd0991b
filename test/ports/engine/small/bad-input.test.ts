import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { deleted, good, kept } from '../../../models/bad-household.ts';
import { createFixedClock } from '../../../../ports/clock/fixed.ts';
import { localTables } from '../../../spark/twin.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { openSmallMemory } from '../../../support/small-memory.ts';
import { MODELS } from '../../../support/transform.ts';

/** Two hours behind the good day; all the rest has come by the second. */
const [FIRST, NOW] = [Date.parse('2026-11-20T12:00:00Z'), Date.parse('2026-11-23T12:00:00Z')];

describe('bad input', () => {
  const clock = createFixedClock(FIRST);
  const small = openSmallMemory({ clock, models: MODELS });

  /** Steps and floors, by day. */
  const moved = async () =>
    (await small.rows('daily_metrics', 'local_date, metric, value'))
      .filter(({ metric }) => metric === 'steps' || metric === 'floors_climbed')
      .map(({ local_date: day, metric, value }) => `${String(day)} ${String(metric)} ${String(value)}`)
      .toSorted();

  test('a model that does not compile: the error names it, and what was published before stays as it is', async () => {
    await small.store(good);
    expect(await small.run()).toMatchObject({ objects: good.length, quarantined: 0 });
    expect(await moved()).toEqual(['2026-11-10 steps 5000']);
    const published = await small.tables();

    clock.advance(NOW - FIRST);
    await small.store([...kept, deleted]);
    const modelsDirectory = path.join(temporaryDirectory(), 'models');
    cpSync(MODELS, modelsDirectory, { recursive: true });
    writeFileSync(path.join(modelsDirectory, 'intermediate', 'sample_checks.sql'), 'select (');
    // Listed, and gone when it is read.
    const objects = {
      ...small.objects,
      async get(key: string) {
        if (key === deleted.key) await small.objects.delete(key);
        return small.objects.get(key);
      },
    };
    await expect(small.run({ modelsDirectory, objects })).rejects.toMatchObject({
      code: 'model_failed',
      message: expect.stringContaining('the model sample_checks failed'),
    });
    expect(await small.tables()).toEqual(published);
    expect(await small.rows('batches')).toHaveLength(1);
    expect(small.events).toHaveLength(1);
    expect(await small.place.list('open/')).toHaveLength(1);
  }, 300_000);

  test('an object deleted between listing and reading: the run goes on without it', async () => {
    const rows = await small.rows('objects', 'raw_key');
    expect(rows).toHaveLength(kept.length);
    expect(rows.map(({ raw_key: key }) => key)).not.toContain(deleted.key);
  });

  test('the next run heals the rest: the tables are those of one undisturbed run of the local engine, cell by cell', async () => {
    expect(await small.run()).toMatchObject({ users: ['u_a', 'u_b'] });
    const directory = path.join(temporaryDirectory(), 'lake');
    const undisturbed = await localTables(directory, kept, { batchId: 'b', now: NOW }, { ours: false });
    expect(await small.tables()).toEqual(undisturbed);
    expect(undisturbed['daily_metrics']?.length).toBeGreaterThan(0);
    expect(small.events).toHaveLength(2);
    expect(await small.place.list('open/')).toEqual([]);
  }, 300_000);

  test('every case is refused by its rule: malformed and unread objects whole, a value, a unit and a zone at their place', async () => {
    const rows = await small.rows('quarantine', 'user_id, rule, pointer, text, raw_key');
    const broken = kept.find(({ key }) => key.includes('0'.repeat(64)))?.key;
    const told = rows.map(({ user_id: id, rule, pointer, text, raw_key: key }) => {
      const type = key === broken ? 'cut off' : /^raw\/[^/]+\/(\w+)\/\w+\/(\w+)-/.exec(String(key))?.slice(1).join(' ');
      return [rule, type, id, pointer, text].map((one) => String(one ?? '-')).join(' · ');
    });
    // One line for each bad thing of the household, and none of the rest.
    expect(told.toSorted()).toEqual([
      'malformed · cut off · u_a ·  · -',
      'malformed · garmin dailies · u_a ·  · -',
      'no_reader · garmin unheardOf · u_a ·  · -',
      'out_of_range · garmin dailies · u_a · /dailies/0/steps · 999999999',
      'unknown_unit · apple metrics · u_a · /data/metrics/0/data/0/qty · 7',
      'unknown_zone · withings getmeas · u_b · /body/measuregrps/0 · Mars/Olympus',
    ]);
  });

  test('what stands beside an impossible value is published', async () => {
    // 10 Nov is the good day; the steps of 12 Nov are refused, the floors of the same summary are not.
    expect(await moved()).toEqual(['2026-11-10 steps 5000', '2026-11-12 floors_climbed 8']);
  });

  test('an unknown zone is none: the value stands without an offset', async () => {
    const far = (await small.rows('observations', 'user_id, value, offset_s, zone')).filter(
      ({ user_id: id }) => id === 'u_b',
    );
    expect(far).toEqual([{ user_id: 'u_b', value: 70, offset_s: null, zone: null }]);
  });

  test('of two corrections that contradict each other the last counts, and an older one that came late changes nothing', async () => {
    const days = await small.rows('daily_metrics', 'user_id, local_date, metric, value');
    const weights = days.filter(({ user_id: id, metric }) => id === 'u_a' && metric === 'weight_kg');
    // 13 Nov from the phone; 15 Nov changed at 200 to 81 kg; 16 Nov said twice of one change, 83 kg last.
    expect(weights.map(({ local_date: day, value }) => `${String(day)} ${String(value)}`).toSorted()).toEqual([
      '2026-11-13 80',
      '2026-11-15 81',
      '2026-11-16 83',
    ]);
  });
});
