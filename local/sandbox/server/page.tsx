import { FAULTS, type FaultName } from '../fault.ts';
import { Frame } from './frame.tsx';
import type { Horizon } from './horizon.ts';
import type { Grant } from './ledger.ts';
import type { Entry } from './log.ts';
import { isPress, PRESSES } from './press.ts';
import type { Simulation } from './simulation.ts';
import type { World } from './world.ts';

const SHOWN = 40;
const time = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const shown = (status: number): string => (status === 0 ? 'no answer' : String(status));
const presses = Object.keys(PRESSES).filter(isPress);

function Rows({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) {
  if (rows.length === 0) return <p>None yet.</p>;
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={head.join(', ')}>
      <table>
        <thead>
          <tr>
            {head.map((title) => (
              <th scope="col">{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell) => (
                <td>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Connection({ grant, name, horizon }: { grant: Grant; name: string; horizon: Horizon }) {
  const { provider, externalId, scopes } = grant;
  const holding = horizon.find(provider, externalId);
  const silentUntilS = holding === undefined ? undefined : horizon.silentUntilS(holding);
  return (
    <form method="post" action={`/press/${provider}/${encodeURIComponent(externalId)}`}>
      <h3>
        {name}, account {externalId}
      </h3>
      <p>
        {holding === undefined ? '' : `Person ${holding.person + 1}. `}May be read:{' '}
        {scopes.length === 0 ? 'nothing' : scopes.join(', ')}.
      </p>
      {silentUntilS !== undefined && (
        <p class="note">
          {Number.isFinite(silentUntilS)
            ? `Silent: nothing becomes known before ${time(silentUntilS * 1000)} UTC.`
            : 'Silent for good.'}
        </p>
      )}
      {presses.map((press) => (
        <button name="press" value={press} aria-label={`${PRESSES[press].title}: ${name}, account ${externalId}`}>
          {PRESSES[press].title}
        </button>
      ))}
    </form>
  );
}

const WHO = { in: 'was asked', out: 'sent', press: ': you pressed' } as const;

const request = ({ atMs, provider, direction, what, status, fault }: Entry): readonly string[] => [
  time(atMs),
  `${provider}${direction === 'press' ? '' : ' '}${WHO[direction]}`,
  what,
  direction === 'press' ? '' : shown(status),
  fault ?? '',
];

const met = (counts: Readonly<Partial<Record<FaultName, number>>>): readonly (readonly string[])[] =>
  Object.entries(FAULTS).flatMap(([name, { does }]) => {
    const count = Object.entries(counts).find(([one]) => one === name)?.[1];
    return count === undefined ? [] : [[name, String(count), does]];
  });

const pressed = (entries: readonly Entry[]): readonly (readonly string[])[] =>
  presses.flatMap((press) => {
    const { title, does } = PRESSES[press];
    const times = entries.filter(({ direction, what }) => direction === 'press' && what.startsWith(`${title},`)).length;
    return times === 0 ? [] : [[title, String(times), does]];
  });

/** What the sandbox is doing. No token, no value of anybody's health. */
export function OverviewPage({ world, simulations }: { world: World; simulations: readonly Simulation[] }) {
  const { ledger, horizon, log, options } = world;
  const connections = simulations.flatMap(({ id, name }) =>
    ledger.grants(id).map((grant) => <Connection grant={grant} name={name} horizon={horizon} />),
  );
  return (
    <Frame title="Sandbox of the providers">
      <h1>Simulated providers</h1>
      <p class="note">
        These stand in for {simulations.map(({ name }) => name).join(', ')}. MyFitnessPal and Apple Health have no
        server that could be played here: a file is exported there, a phone sends here.
      </p>
      <p>Known to the providers: what was there until {time(horizon.nowS() * 1000)} UTC.</p>
      <p>Push now: the next thing that is to become known does; when all is, the last notice is sent once more.</p>
      <form method="post" action="/press">
        <button name="press" value="push">
          Push now
        </button>
      </form>
      <h2>Connections</h2>
      {connections.length === 0 && <p>None. Connect somebody on the Connections page of Wellspring.</p>}
      {connections}
      <h2>What went wrong on purpose</h2>
      <Rows
        head={['What', 'Times', 'What it does']}
        rows={[...pressed(log.entries()), ...met(options.faults.counts())]}
      />
      <h2>Last requests</h2>
      <Rows head={['When', 'Who', 'What', 'Status', 'Fault']} rows={log.entries().slice(0, SHOWN).map(request)} />
      <h2>Tokens</h2>
      <p>
        {ledger.presentations().length} refresh tokens were presented, {ledger.reuses()} of them spent already,{' '}
        {ledger.overlaps()} while another one was on its way.
      </p>
      <Rows
        head={['When', 'Provider', 'Account', 'What became of it']}
        rows={ledger
          .presentations()
          .slice(-SHOWN)
          .toReversed()
          .map(({ atMs, provider, externalId, outcome }) => [time(atMs), provider, externalId, outcome])}
      />
      <h2>Subscriptions</h2>
      <Rows
        head={['Provider', 'About']}
        rows={simulations
          .filter(({ subscriptions }) => subscriptions().length > 0)
          .map(({ name, subscriptions }) => [name, subscriptions().join(', ')])}
      />
    </Frame>
  );
}
