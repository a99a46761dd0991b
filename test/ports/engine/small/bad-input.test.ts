import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { deleted, kept } from '../../../models/bad-household.ts';
import { createFixedClock } from '../../../../ports/clock/fixed.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { openSmallMemory } from '../../../support/small-memory.ts';
import { MODELS } from '../../../support/transform.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

describe('bad input', () => {
  const small = openSmallMemory({ clock: createFixedClock(NOW), models: MODELS });

  test('a model that does not compile: the error names it, nothing is published', async () => {
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
    expect(small.events).toEqual([]);
    expect(await small.place.list('open/')).toHaveLength(1);
  }, 300_000);

  test('an object deleted between listing and reading: the run goes on without it', async () => {
    const rows = await small.rows('objects', 'raw_key');
    expect(rows).toHaveLength(kept.length);
    expect(rows.map(({ raw_key: key }) => key)).not.toContain(deleted.key);
  });

  test('the next run publishes what is good, and says of the rest what is wrong with it', async () => {
    expect(await small.run()).toMatchObject({ users: ['u_a', 'u_b'] });
    const refused = (await small.rows('quarantine', 'rule, pointer, text')).filter(
      ({ rule }) => rule === 'unknown_unit' || rule === 'out_of_range',
    );
    expect(refused).toHaveLength(2);
    expect(refused).toEqual(
      expect.arrayContaining([
        { rule: 'out_of_range', pointer: '/dailies/0/steps', text: '999999999' },
        { rule: 'unknown_unit', pointer: '/data/metrics/0/data/0/qty', text: '7' },
      ]),
    );
  }, 300_000);

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
