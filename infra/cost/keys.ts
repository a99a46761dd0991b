import { DAYS, type Found } from './found.ts';
import { type Load, reckoned } from './load.ts';
import { prices } from './prices.ts';
import { totalOf } from './sum.ts';

/** What a key of the configuration changes in one person's month. */
export interface KeyCost {
  readonly key: string;
  readonly usd: number;
  readonly says: string;
}

const MONTH_S = DAYS * 86_400;
/** Requests refused at once: a tenth of a second of 512 MB. */
const REFUSED_GB_S = 0.1 * 0.5;

/** Dollars a month of a flood that comes as fast as the API lets it, from the first second of a month to the last. */
export function floodOf(apiRate: number): number {
  const requests = apiRate * MONTH_S;
  const { api, calls, computing, logs } = prices;
  const gb = (requests * 0.5) / 1_000_000;
  return (
    (requests * api.usd) / api.per +
    (requests * calls.usd) / calls.per +
    requests * REFUSED_GB_S * computing.usd +
    gb * logs.usd
  );
}

const against = (load: Load) => (key: string, says: string, changed: Partial<Load>) => ({
  key,
  says,
  usd: totalOf({ ...load, ...changed }) - totalOf(load),
});

/** The keys that cost or save, the dearest first; each against the default of one person. `spark`: what there is with that engine. */
export function keyCosts(one: Load, spark: Found): readonly KeyCost[] {
  const by = against(one);
  const sparks = { ...spark, crawls: one.found.crawls };
  const found = (changed: Partial<Load['found']>): Partial<Load> => ({ found: { ...one.found, ...changed } });
  const costs = [
    by('crawlMode=workflow', 'a crawl after every run', found({ crawls: 'runs' })),
    by('crawlMode=daily', 'a crawl a day', found({ crawls: DAYS })),
    by('crawlMode=off', 'no crawler; the raw database keeps the one table the stack makes', found({ crawls: 0 })),
    by('engine=spark', `two Spark jobs a run, ${one.jobS} s each, and no function`, { found: sparks }),
    against({ ...one, found: sparks })('workers=4', 'with `engine=spark`: twice the workers in the same time', {
      found: { ...sparks, workers: 4 },
    }),
    by('batchSize=1', 'a run for each of 60 objects', { runsADay: 60 }),
    by('batchSize=100', 'runs by the window alone; reckoned with 20 a day for a person whose pushes come in bursts', {
      runsADay: 20,
    }),
    by('quicksight=true', 'one author; each reader 3 more', found({ isShown: true })),
    by('encryption=kms', 'the key, and its uses above 20,000', found({ keys: 1 })),
    by('configRecorder=true', `about ${reckoned.changes} changes a month`, found({ isRecorded: true })),
    by('archiveRetentionDays=365', 'events are small', found({ archiveDays: 365 })),
  ];
  return costs.toSorted((a, b) => b.usd - a.usd);
}
