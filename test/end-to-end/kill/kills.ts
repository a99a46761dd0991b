import { addUser } from '../../../app/people.ts';
import { oauthProvider } from '../../../app/connect/setup.ts';
import { listConnections } from '../../../app/connections.ts';
import { readPresentation } from '../../../app/refresh/presentation.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { NO_FAULTS } from '../../../local/sandbox/fault.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { openProviders } from '../../support/providers.ts';
import { openSurfer } from '../../support/surfer.ts';
import { type Account, ACCOUNTS, canBeAsked, dayOf, holdingsOf, PEOPLE } from './accounts.ts';
import { converge, verify } from './after.ts';
import { arm, describe, disarm, drawMoment, type Errand, ERRANDS } from './moment.ts';
import { type Server, startServer } from './server.ts';
import { CLIENTS, SCOPES, settingsOf } from './settings.ts';

/** What many kills led to; `problems` is empty when every promise was kept. */
export interface KillReport {
  readonly kills: number;
  /** By errand: how many died at the very moment that was drawn. */
  readonly met: Readonly<Record<Errand, number>>;
  /** Of refresh tokens. */
  readonly presentations: number;
  /** Connections a person had to grant again, since an answer died with a server. */
  readonly reconnects: number;
  /** Sweeps after the last kill until nothing was left to do. */
  readonly sweeps: number;
  readonly problems: readonly string[];
}

const OWNER_TOKEN = 'the-owner-token-of-the-kills';
/** More than from sweep to sweep. */
const STEP_MS = 20 * 60_000;
/** After a step every token is about to end. */
const ACCESS_LIFE_S = 1800;
/** A server that has not come to its moment by then dies all the same: on a busy machine the batch before it takes a while. */
const LONGEST_MS = 20_000;

const idOf = ({ provider, externalId }: Account): string => `${provider}/${externalId}`;

/** Kills servers of one data directory in the middle of their errands, each healed by the next, and looks at what is left. */
export async function killAround(options: {
  readonly directory: string;
  readonly kills: number;
  readonly seed: string;
  readonly say?: (line: string) => void;
}): Promise<KillReport> {
  const { directory: dataDir, kills, seed } = options;
  const system = createSystemClock();
  const shift = { ms: 0 };
  const clock = {
    now: () => system.now() + shift.ms,
    sleep: (ms: number, signal?: AbortSignal) => system.sleep(ms, signal),
  };
  const nowS = Math.floor(clock.now() / 1000);
  const chance = createChance(`kills ${seed}`);
  const providers = await openProviders({
    holdings: holdingsOf(nowS),
    credentials: CLIENTS,
    clock,
    chance: createChance(`providers ${seed}`),
    faults: NO_FAULTS,
    knownUntilS: nowS,
    accessLifeS: ACCESS_LIFE_S,
    pageSize: 15,
    tokenMs: 20,
  });
  const baseUrl = new URL(providers.baseUrl('withings')).origin;
  const { ledger, watch } = providers;
  const problems: string[] = [];
  const met = { connect: 0, refresh: 0, collect: 0, backfill: 0 };
  const told = new Set<string>();
  const waiting = new Set<Account>();
  /** Connections whose token a server was presenting when it died: whether the provider has acted, nobody knows. */
  let open: ReadonlySet<string> = new Set();
  let [reconnects, port] = [0, 0];

  const desk = await openRuntime({ dataDir, zone: 'UTC', settings: settingsOf(baseUrl), clock });
  const people: string[] = [];
  for (let person = 0; person < PEOPLE; person += 1) {
    people.push((await addUser(desk, { name: `Person ${person}`, zone: 'UTC' })).user_id);
  }

  const start = async (more: object = {}): Promise<Server> => {
    const server = await startServer({ dataDir, port, shiftMs: shift.ms, ownerToken: OWNER_TOKEN, baseUrl, ...more });
    // The same again after each death: notices are sent there.
    port = Number(new URL(server.url).port);
    return server;
  };
  const range = { from: dayOf(nowS - 300 * 86_400), to: dayOf(nowS) };
  const connect = async ({ url }: Server, account: Account): Promise<void> => {
    const { provider, externalId, person } = account;
    const surfer = openSurfer();
    await surfer.post(`${url}/signin`, { token: OWNER_TOKEN, next: '/' });
    const started = await surfer.get(`${url}/oauth/${provider}/start?user_id=${people[person] ?? ''}`);
    const address = started.headers.get('location') ?? '';
    const back = await providers.consent(provider, address, externalId, { scopes: SCOPES[provider] });
    const answer = await surfer.get(back);
    if (answer.headers.get('location')?.startsWith('/connected/') !== true) return;
    told.add(idOf(account));
    waiting.delete(account);
  };
  const collect = ({ url }: Server, { provider, person }: Account): Promise<Response> =>
    fetch(`${url}/api/v1/collect/${provider}?user_id=${people[person] ?? ''}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${OWNER_TOKEN}` },
    });
  /** What only a person can mend, and whether an answer that died with a server excuses it. */
  const look = async (): Promise<void> => {
    const connections = await listConnections(desk);
    for (const { connection_id: id, provider, external_id: externalId, state, cause } of connections) {
      const account = ACCOUNTS.find((one) => one.provider === provider && one.externalId === externalId);
      if (account === undefined || state === 'active' || waiting.has(account)) continue;
      const hasGrace = oauthProvider(provider).oauth.refresh.graceS !== undefined;
      const isExcused = !hasGrace && cause === 'refresh_answer_lost';
      if (!isExcused || !open.has(id)) {
        problems.push(`${idOf(account)} is ${state} (${cause ?? ''}) though no answer was lost`);
      }
      reconnects += 1;
      waiting.add(account);
    }
    const presented = connections.map(async ({ connection_id: id }) =>
      (await readPresentation(desk, id)).value?.presented ? [id] : [],
    );
    open = new Set((await Promise.all(presented)).flat());
  };

  try {
    const welcoming = await start();
    for (const account of ACCOUNTS) await connect(welcoming, account);
    await welcoming.kill();
    for (let kill = 0; kill < kills; kill += 1) {
      const errand = ERRANDS[kill % ERRANDS.length] ?? 'connect';
      const [first] = waiting;
      const able = errand === 'collect' || errand === 'backfill' ? ACCOUNTS.filter(canBeAsked) : ACCOUNTS;
      const turn = able[Math.floor(kill / ERRANDS.length) % able.length];
      const account = errand === 'connect' ? (first ?? turn) : turn;
      if (account === undefined) break;
      const moment = drawMoment(errand, account.provider, chance);
      const backfill = errand === 'backfill' && {
        ...range,
        provider: account.provider,
        userId: people[account.person],
      };
      const starting = start(backfill === false ? {} : { backfill });
      const dead = new Promise<'met'>((resolve) => {
        const die = async (): Promise<void> => {
          // It may come to its moment before it has said its address.
          await (await starting).kill();
          resolve('met');
        };
        arm(watch, system, moment, { started: starting, die });
      });
      const running = await starting;
      const work = async (): Promise<void> => {
        if (errand === 'connect') await connect(running, account);
        if (errand === 'collect') await collect(running, account);
        await system.sleep(LONGEST_MS);
      };
      // A line that broke with the server is no failure of the test.
      const ended = await Promise.race([dead, work().catch(() => dead)]);
      await running.kill();
      disarm(watch);
      if (ended === 'met') met[errand] += 1;
      await look();
      options.say?.(`${kill + 1} ${describe(moment)}${ended === 'met' ? '' : ' (not met)'}`);
      shift.ms += STEP_MS;
    }
    const healer = await start();
    await system.sleep(LONGEST_MS);
    await look();
    for (const account of ACCOUNTS.filter((one) => waiting.has(one) || !told.has(idOf(one))))
      await connect(healer, account);
    await healer.kill();
    shift.ms += STEP_MS;

    const sweeps = await converge(desk, () => (shift.ms += STEP_MS), problems);
    problems.push(...(await verify(desk, { ledger, people, nowS })));
    if (ledger.reuses() > 0) problems.push(`${ledger.reuses()} spent refresh tokens were presented`);
    const presentations = ledger.presentations();
    const unknown = presentations.filter(({ outcome }) => outcome === 'unknown').length;
    if (unknown > 0) problems.push(`${unknown} refresh tokens were presented that nobody issued`);
    return { kills, met, presentations: presentations.length, reconnects, sweeps, problems };
  } finally {
    await desk.close();
    providers.end();
  }
}
