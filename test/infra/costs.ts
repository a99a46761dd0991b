import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findCosts, type Found } from '../../infra/cost/found.ts';
import { floodOf } from '../../infra/cost/keys.ts';
import { type Load, loads } from '../../infra/cost/load.ts';
import { costPage } from '../../infra/cost/page.ts';
import { linesOf, totalOf, totalWithoutFree } from '../../infra/cost/sum.ts';
import type { Recorded, StackName } from './recorded.ts';

const alarm = { type: 'aws:cloudwatch/metricAlarm:MetricAlarm', name: 'one-more', urn: 'urn:pulumi:x::y::z::one-more' };
const opts = { protect: false, retainOnDelete: false, ignoreChanges: [] };

const usdOf = (load: Load, name: string): number => linesOf(load).find((line) => line.name === name)?.usd ?? 0;

const read = (path: string): string => readFileSync(path, 'utf8');

/** The document of costs says what the recorded program costs, and its sums are right. */
export function costsAreTrue(recorded: Recorded): void {
  const found = (name: StackName): Found => findCosts(recorded(name));

  describe('docs/cost.md', () => {
    test('is what `node --import tsx test/infra/cost.ts` writes', () => {
      expect(read('docs/cost.md')).toBe(costPage(recorded('minimal'), recorded('spark')));
      expect(read('docs/cost.md')).toContain('30 + 15 = 45');
    });

    test('lines worked out by hand: engines, secrets, alarms, the crawler, mails, a flood', () => {
      const [one, hundred, many] = loads(found('minimal'), found('spark'));
      // 30 runs × 30 days × a sixteenth of a unit × 90 s of an hour, at 44 cents.
      expect(usdOf(one, 'caller')).toBeCloseTo((900 * 0.0625 * 90 * 0.44) / 3600, 6);
      expect([usdOf(one, 'spark'), usdOf(hundred, 'caller')]).toEqual([0, 0]);
      // 30 runs × 30 days × 2 jobs × 2 DPU × 75 s of an hour, at 44 cents.
      expect(usdOf({ ...one, found: found('spark') }, 'spark')).toBeCloseTo(33, 6);
      // The secret of the doors, the clients', the owner's token, and two grants a person, at 40 cents.
      expect(usdOf(one, 'secret')).toBeCloseTo(5 * 0.4, 6);
      expect(usdOf(many, 'secret')).toBeCloseTo(20_003 * 0.4, 6);
      // Thirteen of which ten are free; with Spark no function is waited for but those behind the API.
      expect([usdOf(one, 'alarm'), usdOf(hundred, 'alarm')].map((usd) => usd.toFixed(2))).toEqual(['0.30', '0.20']);
      // 52 Sundays a year, two units for ten minutes.
      expect(usdOf(one, 'crawler')).toBeCloseTo(((52 / 12) * 2 * 0.44) / 6, 6);
      // 3000 of which 1000 are free, 2 dollars for 100,000.
      expect(usdOf(hundred, 'mail')).toBeCloseTo(0.04, 6);
      // 25 × 2,592,000 requests: 64.80 for the API, 12.96 for calls, 43.20 for computing, 16.20 for lines of logs.
      expect(floodOf(25)).toBeCloseTo(64.8 + 12.96 + 43.2 + 16.2, 1);
    });

    test('a month of one person with every key at its default is at most five dollars, at 30 runs a day', () => {
      const [one] = loads(found('minimal'), found('spark'));
      const seconds = linesOf(one).find(({ name }) => name === 'computing');
      // 900 runs × (30 s of processor + 15 s of waiting) × 1769 MB are the most of them.
      expect(seconds?.quantity).toBeGreaterThan((900 * 45 * 1769) / 1024);
      // 108,000 by runs; 1,800 pushes, 1,200 fetches, 31,680 + 576 by the sweep, and 36.5 in each of 52 / 12 weeks.
      const writes = linesOf(one).find(({ name }) => name === 's3Writes');
      expect(writes?.quantity).toBeCloseTo(108_000 + 1800 + 1200 + 31_680 + 576 + (52 / 12) * 36.5, 6);
      expect(totalOf(one)).toBeLessThanOrEqual(5);
      expect(one.runsADay).toBe(30);
    });

    test('other documents state the same sums', () => {
      const [one, ...more] = loads(found('minimal'), found('spark')).map((load) => ({
        ...load,
        usd: Math.round(totalOf(load)),
      }));
      for (const path of ['README.md', 'docs/first-deploy.md'])
        expect(read(path)).toContain(`about ${one?.usd} dollars`);
      for (const { people, usd } of more) {
        const row = new RegExp(
          `^\\| ${people.toLocaleString('en-US')} \\| [\\d.]+ \\| ${usd.toLocaleString('en-US')} \\|`,
          'm',
        );
        expect(read('docs/scaling.md')).toMatch(row);
      }
    });

    test('what is free is not billed, and a sum is the sum of its lines', () => {
      for (const load of loads(found('minimal'), found('spark'))) {
        const lines = linesOf(load);
        expect(lines.filter(({ usd, quantity, price }) => usd < 0 || (quantity <= price.free && usd > 0))).toEqual([]);
        expect(lines.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(totalOf(load), 9);
        const free = lines.map(({ quantity, price }) => (Math.min(quantity, price.free) * price.usd) / price.per);
        expect(free.reduce((sum, usd) => sum + usd, totalOf(load))).toBeCloseTo(totalWithoutFree(load), 9);
      }
    });

    test('what the configuration makes is found in the recording', () => {
      expect(found('minimal')).toMatchObject({ jobs: 0, callerUnits: 0.0625, secrets: 3, batchSize: 3, windowS: 900 });
      expect(found('spark')).toMatchObject({ jobs: 2, workers: 2, callerUnits: 0, crawls: 'runs' });
      expect(found('minimal').clock).toEqual({ collect: 30, import: 720, summarize: 2880, sweep: 2880, forget: 2880 });
      expect(found('everything')).toMatchObject({ crawls: 'runs', isRecorded: true, isShown: true, archiveDays: 60 });
      expect(found('kms')).toMatchObject({ crawls: 0, keys: 1 });
    });

    test('one resource more that costs is dollars more', () => {
      const stack = recorded('minimal');
      const more = {
        ...stack,
        resources: [...stack.resources, { ...alarm, parent: '', custom: true, props: {}, opts }],
      };
      const [one] = loads(found('minimal'), found('spark'));
      expect(totalOf({ ...one, found: findCosts(more) }) - totalOf(one)).toBeCloseTo(0.1, 6);
      const spark = recorded('spark');
      expect(costPage(more, spark)).not.toBe(costPage(stack, spark));
    });
  });
}
