import { onTestFinished } from 'vitest';
import { createChance, type Chance } from '../../../local/sandbox/chance.ts';
import { NO_FAULTS } from '../../../local/sandbox/fault.ts';
import type { HeldRecord, Holding } from '../../../local/sandbox/holding.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { startProgram } from '../../support/program.ts';
import { openProviders } from '../../support/providers.ts';
import type { Canaries } from './canaries.ts';
import { inTime } from './in-time.ts';

/** Ids and values nobody else has. The weight as sent and as read; beyond what a person can weigh; a score's fraction; a distance. */
export const OWN = {
  withings: '480271936514',
  oura: 'canary-ring-8f2k1x',
  garmin: 'canary-watch-77q3z',
  weight: '7193846',
  weightRead: '71.93846',
  heavy: '98173846',
  heavyRead: '981.73846',
  deviation: '0.7316492',
  distance: '7316.429185',
} as const;
export const CLIENTS = {
  withings: { clientId: 'withings-app', clientSecret: 'canary+withings/secret=91x' },
  oura: { clientId: 'oura-app', clientSecret: 'canary+oura/secret=72y' },
  garmin: { clientId: 'garmin-app', clientSecret: 'canary+garmin/secret=53z' },
} as const;
export const OWNER_TOKEN = 'canary+owner/token=6610';

const DAY_S = 86_400;
/** Replies in progress have 5 s, a running batch 10 s. */
const STOP_MS = 30_000;

/** What the providers hold: a weight and one nobody has, and a ring's morning. `nowS`: Unix seconds. */
function holdings(nowS: number): readonly Holding[] {
  const at = (type: string, id: string, daysAgo: number, record: object): HeldRecord => {
    const fromS = nowS - daysAgo * DAY_S - 3600;
    const day = new Date(fromS * 1000).toISOString().slice(0, 10);
    return { type, id, knownAtS: fromS, fromS, toS: fromS, day, record: { ...record } };
  };
  const weighing = (grpid: number, daysAgo: number, value: string): HeldRecord => {
    const date = nowS - daysAgo * DAY_S - 3600;
    const measures = [{ type: 1, value: Number(value), unit: -5 }];
    const record = { grpid, attrib: 0, date, created: date, modified: date, category: 1, deviceid: null, measures };
    return at('getmeas', String(grpid), daysAgo, record);
  };
  const morning = (daysAgo: number): HeldRecord => {
    const day = new Date((nowS - daysAgo * DAY_S - 3600) * 1000).toISOString().slice(0, 10);
    const figures = { score: 81, temperature_deviation: Number(OWN.deviation), temperature_trend_deviation: 0.1 };
    const record = { id: `morning-${daysAgo}`, day, timestamp: `${day}T00:00:00+00:00`, contributors: {}, ...figures };
    return at('daily_readiness', record.id, daysAgo, record);
  };
  const person = { person: 0, zone: 'UTC' };
  const scale = [weighing(11, 3, OWN.weight), weighing(12, 2, OWN.heavy), weighing(13, 0, OWN.weight)];
  return [
    { provider: 'withings', externalId: OWN.withings, ...person, records: scale },
    { provider: 'oura', externalId: OWN.oura, ...person, records: [morning(2), morning(1)] },
    { provider: 'garmin', externalId: OWN.garmin, ...person, records: [] },
  ];
}

/** Every draw of the simulated providers is a canary: codes, tokens, nonces. */
export function recording(chance: Chance, canaries: Canaries, name = ''): Chance {
  return {
    ...chance,
    hex(length) {
      const text = chance.hex(length);
      if (length >= 16) canaries.add(name.includes('callback') ? 'address' : 'secret', `drawn for ${name}`, text);
      return text;
    },
    fork: (next) => recording(chance.fork(next), canaries, next),
  };
}

/** The simulated providers, everything they give away being a canary. */
export async function openNest(canaries: Canaries) {
  const clock = createSystemClock();
  const nowS = Math.floor(clock.now() / 1000);
  const providers = await openProviders({
    holdings: holdings(nowS),
    credentials: CLIENTS,
    clock,
    chance: recording(createChance('canary'), canaries),
    faults: NO_FAULTS,
    knownUntilS: nowS - DAY_S,
  });
  onTestFinished(() => providers.end());
  for (const [name, text] of Object.entries(OWN)) canaries.add('own', name, text);
  for (const [name, { clientSecret }] of Object.entries(CLIENTS)) {
    canaries.add('secret', `client secret of ${name}`, clientSecret);
  }
  canaries.add('secret', 'owner token', OWNER_TOKEN);
  return { ...providers, nowS };
}

/** The program itself, with everything it says on both channels kept; a start or an orderly stop that takes too long is said. */
export function startServer(words: readonly string[], environment: Readonly<Record<string, string>>, cwd: string) {
  const program = startProgram(words, environment, cwd);
  const listening = inTime('the start of the server', program.until(/"url":"(http[^"]+)"/));
  listening.catch(() => undefined);
  return {
    ...program,
    listening: listening.then(([, url = '']) => url),
    async stop() {
      program.signal('SIGTERM');
      await inTime('the orderly stop of the server', program.ended, STOP_MS);
    },
  };
}
