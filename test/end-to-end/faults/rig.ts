import { readFreshness, type Freshness } from '../../../app/freshness.ts';
import type { User } from '../../../app/people.ts';
import { repair } from '../../../app/sweep.ts';
import { createDashboard } from '../../../dashboard/pages.tsx';
import { createDemoClock } from '../../../local/demo/clock.ts';
import { deliver } from '../../../local/demo/deliver.ts';
import { connectAll, fetchNews, fetchPast } from '../../../local/demo/fetch.ts';
import { createDemoIds } from '../../../local/demo/ids.ts';
import { keepStage, openStage } from '../../../local/demo/stage.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { NO_FAULTS, type FaultName, type Faults } from '../../../local/sandbox/fault.ts';
import type { Parcel } from '../../../local/sandbox/parcel.ts';
import { FETCHED, generatePeople, PUSHED } from '../../../local/sandbox/people.ts';
import { welcome } from '../../../local/sandbox/welcome.ts';
import { serve } from '../../../local/server.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';

const OWNER_TOKEN = 'the-owner-token-of-this-test';
const UNTIL = '2026-11-20';
const DAYS = 9;
/** 15:00 in Paris. */
const START_MS = Date.UTC(2026, 10, 20, 14);
const HOUR_MS = 3_600_000;
/** In so many rounds the hours pass. */
const SWEEPS = 10;
const EVER_S = 10_000_000;
/** So many pushes of watches come with the news. */
const PUSHES = 6;

/** Which fault befalls which account of a provider, from `begin` on, and how often at most. */
export interface Blow {
  readonly name: FaultName;
  readonly provider: string;
  /** The person whose account it is. */
  readonly person: number;
  readonly atMost?: number;
}

/** A household whose providers are connected and have given all but the last three days; then, with a blow or without one, those. */
export async function openRig(blow?: Blow) {
  const dataDir = makeDirectory();
  const clock = createDemoClock(START_MS);
  const population = generatePeople({
    seed: 'terminal',
    days: DAYS,
    people: 2,
    until: UNTIL,
    providers: [...PUSHED, ...FETCHED],
  });
  const struck = population.holdings.find(
    ({ provider, person }) => provider === blow?.provider && person === blow.person,
  );
  // What is pushed is held by nobody: the account is the watch.
  const account = `${blow?.provider}/${struck?.externalId ?? population.people[blow?.person ?? 0]?.watchId}`;
  const waiting = lastOfWatches(population.deliveries);
  let [isOn, met] = [false, 0];
  const faults: Faults = {
    hits(name, stream) {
      const isMet = isOn && name === blow?.name && stream.includes(account) && met < (blow.atMost ?? Infinity);
      if (isMet) met += 1;
      return isMet;
    },
    counts: () => ({}),
  };
  const stage = await openStage(population, { clock, host: '127.0.0.1', faults, hastens: false });
  const runtime = await openRuntime({
    dataDir,
    clock,
    ids: createDemoIds('terminal'),
    settings: stage.settings,
    ownerToken: OWNER_TOKEN,
    longestRequestMs: 2_000,
    zone: 'UTC',
    batch: { size: 1_000_000, windowSeconds: EVER_S },
    sweepSeconds: EVER_S,
  });
  const problems: unknown[] = [];
  const served = await serve(runtime, { port: 0, host: '127.0.0.1', onProblem: (_, error) => problems.push(error) });
  await keepStage(runtime, stage.settings);
  const guests = await welcome(runtime, population.people, served.url);
  const fetching = { runtime, served, stage, clock, trouble: 'terminal' } as const;
  const made = await connectAll(fetching, guests);
  const terminal = {
    out: () => undefined,
    err: () => undefined,
    interactive: false,
    environment: {},
    interrupted: new AbortController().signal,
  };
  const context = { terminal, globals: {}, print: () => undefined, say: () => undefined };
  const before = population.deliveries.filter((parcel) => !waiting.includes(parcel));
  await deliver(runtime, before, guests, { context, faults: NO_FAULTS, late: [] });
  await fetchPast(fetching, made, { from: '2026-11-11', to: UNTIL });
  await served.settle();

  const sweepFor = async (hours: number): Promise<void> => {
    for (let n = 0; n < SWEEPS; n += 1) {
      clock.skip((hours * HOUR_MS) / SWEEPS);
      problems.push(...(await repair(runtime)).problems.map(({ error }) => error));
    }
    await served.settle();
  };
  const requests = (provider: string): number =>
    stage.sandbox.log.entries().filter((one) => one.provider === provider && one.direction === 'in').length;
  const users = guests.map(({ user }) => user);
  const userOf = (person: number): User => {
    const user = users[person];
    if (user === undefined) throw new RangeError(`There is no person ${person}.`);
    return user;
  };
  const app = createDashboard(runtime);

  return {
    async close() {
      await served.close();
      await runtime.close();
      await stage.close();
      removeDirectory(dataDir);
    },
    lake: `${dataDir}/lake`,
    runtime,
    clock,
    stage,
    problems,
    users,
    requests,
    sweepFor,
    met: () => met,
    /** The last three days come, and the sweeps of a day; from now on things go wrong where they do. */
    async news(hours = 24) {
      isOn = true;
      await deliver(runtime, waiting, guests, { context, faults, late: [] });
      await fetchNews(fetching);
      await served.settle();
      await sweepFor(hours);
    },
    async freshness(person: number, provider: string): Promise<Freshness | undefined> {
      const today = new Date(clock.now()).toISOString().slice(0, 10);
      return (await readFreshness(runtime, userOf(person), today)).find((one) => one.provider === provider);
    },
    mart: async (where: string) =>
      (await runtime.console.query(`select * from freshness where ${where} order by user_id, provider, metric`)).rows,
    /** The page of a person's connections, as text. */
    async page(person: number): Promise<string> {
      const headers = { authorization: `Bearer ${OWNER_TOKEN}`, accept: 'text/html' };
      const answer = await app.request(`/connections?user_id=${userOf(person).user_id}`, { headers });
      const html = await answer.text();
      return html
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll('&#39;', "'")
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll(/\s+/g, ' ');
    },
  };
}

/** The pushes of the watches' last days. */
function lastOfWatches(deliveries: readonly Parcel[]): readonly Parcel[] {
  return deliveries.filter(({ provider }) => provider === 'garmin').slice(-PUSHES);
}

export type Rig = Awaited<ReturnType<typeof openRig>>;
