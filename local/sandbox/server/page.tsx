import { FAULTS, type FaultName } from '../fault.ts';
import { Frame } from './frame.tsx';
import type { Grant } from './ledger.ts';
import type { Entry } from './log.ts';
import type { Simulation } from './simulation.ts';
import type { World } from './world.ts';

const SHOWN = 40;
const PRESSES = { 'lose-token': 'Lose the token', 'go-silent': 'Go silent for three days', revoke: 'Revoke' } as const;

const time = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const shown = (status: number): string => (status === 0 ? 'no answer' : String(status));
const isPress = (name: string): name is keyof typeof PRESSES => Object.hasOwn(PRESSES, name);
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

function Connection({ grant, name }: { grant: Grant; name: string }) {
  return (
    <form method="post" action={`/press/${grant.provider}/${encodeURIComponent(grant.externalId)}`}>
      <h3>
        {name}, account {grant.externalId}
      </h3>
      <p>{grant.scopes.length === 0 ? 'No scopes.' : grant.scopes.join(', ')}</p>
      {presses.map((press) => (
        <button name="press" value={press}>
          {PRESSES[press]}
        </button>
      ))}
    </form>
  );
}

const request = ({ atMs, provider, direction, what, status, fault }: Entry): readonly string[] => [
  time(atMs),
  direction === 'in' ? `${provider} was asked` : `${provider} sent`,
  what,
  shown(status),
  fault ?? '',
];

const met = (counts: Readonly<Partial<Record<FaultName, number>>>): readonly (readonly string[])[] =>
  Object.entries(FAULTS).flatMap(([name, { does }]) => {
    const count = Object.entries(counts).find(([one]) => one === name)?.[1];
    return count === undefined ? [] : [[name, String(count), does]];
  });

/** What the sandbox is doing. No token, no value of anybody's health. */
export function OverviewPage({ world, simulations }: { world: World; simulations: readonly Simulation[] }) {
  const { ledger, horizon, log, options } = world;
  return (
    <Frame title="Sandbox of the providers">
      <h1>Simulated providers</h1>
      <p class="note">
        These stand in for {simulations.map(({ name }) => name).join(', ')}. MyFitnessPal and Apple Health have no
        server that could be played here: a file is exported there, a phone sends here.
      </p>
      <p>Known to the providers: what was there until {time(horizon.nowS() * 1000)} UTC.</p>
      <form method="post" action="/press">
        <button name="press" value="push">
          Push now
        </button>
      </form>
      <h2>Connections</h2>
      {simulations.flatMap(({ id, name }) =>
        ledger.grants(id).map((grant) => <Connection grant={grant} name={name} />),
      )}
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
        rows={simulations.flatMap(({ name, subscriptions }) => subscriptions().map((about) => [name, about]))}
      />
      <h2>What went wrong on purpose</h2>
      <Rows head={['Fault', 'Times', 'What it does']} rows={met(options.faults.counts())} />
      <h2>Last requests</h2>
      <Rows head={['When', 'Who', 'What', 'Status', 'Fault']} rows={log.entries().slice(0, SHOWN).map(request)} />
    </Frame>
  );
}
