import { listConnections } from '../../../app/connections.ts';
import { access } from '../../../app/refresh.ts';
import { repair } from '../../../app/sweep.ts';
import { transform } from '../../../app/transform.ts';
import type { Runtime } from '../../../app/runtime.ts';
import type { LocalRuntime } from '../../../local/runtime.ts';
import type { Ledger } from '../../../local/sandbox/server/ledger.ts';
import { type Account, ACCOUNTS, expectedOf, METRICS } from './accounts.ts';

/** After the last kill everything is done within this many sweeps. */
const MOST_SWEEPS = 6;

/** Sweeps until nothing is left to do, and answers how often; `pass` lets the time from sweep to sweep pass. */
export async function converge(runtime: LocalRuntime, pass: () => void, problems: string[]): Promise<number> {
  for (let sweeps = 1; sweeps <= MOST_SWEEPS; sweeps += 1) {
    const done = await repair(runtime);
    pass();
    problems.push(...done.problems.map(({ doing, error }) => `${doing}: ${String(error)}`));
    const late = [...(done.overdue?.streams ?? []), ...(done.daily?.streams ?? [])].filter(
      ({ outcome }) => outcome === 'later',
    );
    const busy = [...(done.overdue?.busy ?? []), ...(done.daily?.busy ?? [])];
    const isDone = done.backfills === 0 && done.notices?.left === 0 && late.length === 0 && busy.length === 0;
    if (isDone) return sweeps;
  }
  problems.push(`something is still left after ${MOST_SWEEPS} sweeps`);
  return MOST_SWEEPS;
}

/** Every grant is usable, and the tables hold every value of every account once. */
export async function verify(
  runtime: Runtime & Pick<LocalRuntime, 'console'>,
  {
    ledger,
    people,
    nowS,
    knownUntilS = nowS,
    accounts = ACCOUNTS,
  }: {
    readonly ledger: Ledger;
    /** Ids by their number. */
    readonly people: readonly string[];
    readonly nowS: number;
    /** What the providers knew before anybody was connected; everything when absent. */
    readonly knownUntilS?: number;
    readonly accounts?: readonly Account[];
  },
): Promise<readonly string[]> {
  const problems: string[] = [];
  const connections = await listConnections(runtime);
  await transform(runtime);
  for (const account of accounts) {
    const { provider, externalId, person } = account;
    const id = `${provider}/${externalId}`;
    const mine = connections.filter((one) => one.provider === provider && one.external_id === externalId);
    if (mine.length !== 1) problems.push(`${id} has ${mine.length} connections`);
    const granted = await access(runtime, mine[0]?.connection_id ?? '');
    const holder = granted.ok ? ledger.bearer(provider, granted.token.reveal())?.externalId : granted.reason;
    if (holder !== externalId) problems.push(`${id} cannot be asked: ${holder ?? 'the token is worth nothing'}`);

    const { rows } = await runtime.console.query(
      `select local_date, value from observations
       where user_id = '${people[person] ?? ''}' and metric = '${METRICS[provider]}' order by local_date`,
    );
    const found = rows.map((row) => `${String(row['local_date'])} ${String(row['value'])}`);
    const expected = expectedOf(account, nowS, knownUntilS);
    const missing = expected.filter((line) => !found.includes(line));
    if (missing.length > 0) problems.push(`${id}: ${missing.length} values are missing, as ${missing[0] ?? ''}`);
    if (found.length !== expected.length) problems.push(`${id}: ${found.length} values instead of ${expected.length}`);
  }
  return problems;
}
