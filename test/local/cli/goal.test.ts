import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openRemote } from '../../support/remote.ts';

vi.setConfig({ testTimeout: 90_000 });

test('a goal set, listed and removed is the same here and through a server, in words and as JSON', async () => {
  const { here, there } = await openRemote();
  const set = ['goal', 'set', 'sleep_total_s', '--user', 'Ann', '--at-least', '7h30', '--since', '2026-03-01'];
  const goal = {
    goal: 'sleep_total_s_at_least',
    user_id: expect.stringMatching(/^u_/),
    metric: 'sleep_total_s',
    direction: 'at_least',
    target: 27_000,
    since: '2026-03-01T00:00:00.000Z',
  };
  for (const run of [here, there]) {
    expect((await run(...set)).out).toBe(
      'Time asleep: at least 7 h 30 min a day. It is called sleep_total_s_at_least; the next batch counts its days.\n',
    );
    expect(JSON.parse((await run(...set, '--json')).out)).toEqual({ schema_version: 1, goal });
    for (const words of [
      ['goal', 'list'],
      ['goal', 'list', '--user', 'Ann'],
    ]) {
      expect(JSON.parse((await run(...words, '--json')).out)).toEqual({ schema_version: 1, goals: [goal] });
      expect((await run(...words)).out).toContain('Time asleep: at least 7 h 30 min a day');
    }
    const removed = await run('goal', 'remove', 'sleep_total_s', '--user', 'Ann');
    expect(removed.out).toBe('sleep_total_s_at_least has ended; its days until now stay.\n');
    expect((await run('goal', 'list')).out).toBe('No goals yet: wellspring goal set\n');
  }
});

test('what cannot be a goal is refused here as through a server', async () => {
  const { both } = await openRemote();
  const cases = [
    [['set', 'stepz', '--at-least', '1'], 'unknown_metric'],
    [['set', 'steps', '--at-least', 'many'], 'bad_target'],
    [['set', 'steps'], 'no_target'],
    [['set', 'steps', '--at-least', '1', '--at-most', '2'], 'conflicting_option'],
    [['remove', 'steps'], 'unknown_goal'],
  ] as const;
  for (const [words, code] of cases) {
    const ran = await both('goal', ...words, '--user', 'Ann', '--json');
    for (const { code: exit, err } of [ran.here, ran.there]) {
      expect(exit, err).toBe(2);
      expect(JSON.parse(err.trim().split('\n').at(-1) ?? '')).toMatchObject({ error: { code } });
    }
  }
});

test('the morning text counts the days a goal was met', async () => {
  const { base, here, served } = await openRemote();
  const file = join(base, 'Measurement-Summary-2026-03-01-to-2026-03-03.csv');
  writeFileSync(file, 'Date,Weight\n2026-03-01,71.5\n2026-03-02,70.5\n2026-03-03,70.1\n');
  await here('import', 'myfitnesspal', file, '--user', 'Ann');
  await here('goal', 'set', 'weight_kg', '--user', 'Ann', '--at-most', '71', '--since', '2026-02-01');
  await served.settle();
  await here('process');
  const { out } = await here('summary', '--user', 'Ann', '--day', '2026-03-03');
  expect(out).toContain('Goals:\n- Weight: 70.1 kg, at most 71.0 kg wanted: met, 2 days in a row.\n');
});
