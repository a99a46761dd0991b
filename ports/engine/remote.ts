import type { Clock } from '../clock/clock.ts';
import { PortError } from '../errors.ts';
import type { ReadingsStore } from '../readings/readings.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Engine, Erasure } from './engine.ts';
import { extractRows, type Unload } from './extract.ts';
import { type EraseJob, unfinished, type Workflow, type WorkflowRun } from './glue.ts';
import { peopleTables } from './people-tables.ts';
import type { Runs } from './run.ts';

/** What erasing needs; a process without it erases nobody. */
export interface Erasing {
  readonly job: EraseJob;
  readonly workflow: Workflow;
  readonly readings: Pick<ReadingsStore, 'remove'>;
}

const LIMIT_MS = 12 * 60_000;
const LOOK_AGAIN_MS = 5000;

/**
 * The engine of a stack, whose batches run in its workflow: what they did is read from their records, their tables through the warehouse. What only
 * running them here could do throws `not_here`. An erasure takes minutes: it throws `erasure_unfinished` after `limitMs`, and is asked for again.
 */
export function createRemoteEngine(options: {
  readonly runs: Runs;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly erasing?: Erasing;
  /** Where extracts wait to be read; a process without it extracts nothing. */
  readonly unload?: Unload;
  /** How long one erasure may take; 12 minutes when absent. */
  readonly limitMs?: number;
}): Engine {
  const { runs, warehouse, clock, erasing, unload, limitMs = LIMIT_MS } = options;

  /** Waits until no run is active; answers the last one and a moment just before nobody was seen to write. */
  async function idle(workflow: Workflow, endMs: number, signal: AbortSignal | undefined) {
    for (;;) {
      const idleAt = clock.now();
      const last = await workflow.lastRun();
      if (last?.isActive !== true) return { last, idleAt };
      if (clock.now() >= endMs || signal?.aborted === true) throw unfinished();
      await clock.sleep(LOOK_AGAIN_MS);
    }
  }

  return {
    known: (from) => runs.known(from),
    lastFinished: () => runs.lastFinished(),
    // The workflow's own concern: it looks at the models whenever it runs.
    isOutdated: () => Promise.resolve(false),
    run: () => Promise.reject(notHere('A batch')),
    compare: () => Promise.reject(notHere('A comparison')),
    rebuild: () => Promise.reject(notHere('A rebuild')),
    async countErasure(erasure) {
      const [sql, parameters] = erasedSql(await peopleTables(warehouse, true), erasure);
      const rows = sql === '' ? [] : await warehouse.run({ name: 'erasure.count', sql }, parameters);
      return Object.fromEntries(
        rows.filter(({ n }) => Number(n) > 0).map(({ table_name: table, n }) => [String(table), Number(n)]),
      );
    },
    async erase(erasure, { askedAt, signal }) {
      // Single objects that nobody owned are in no table but the list of objects, which the next runs mend.
      if (erasure.users.length + erasure.accounts.length === 0) return runs.erase(erasure);
      if (erasing === undefined) throw notHere('An erasure');
      const { job, workflow, readings } = erasing;
      // Whoever asks again does not know these: they are deleted, and the tables no longer say whose they were.
      const keys = erasure.keys.filter((key) => !erasure.accounts.some((account) => key.includes(account)));
      if (keys.length > 0) await runs.erase({ users: [], accounts: [], keys });
      const endMs = clock.now() + limitMs;
      for (;;) {
        // A run that read a person's rows before they went would publish them anew: the erasure counts only when none ran beside it.
        const { last, idleAt } = await idle(workflow, endMs, signal);
        await job.run(erasure, { idleAt, limitMs: endMs - clock.now(), signal, since: sinceOf(last, askedAt) });
        if ((await workflow.lastRun())?.id === last?.id) break;
      }
      await runs.erase(erasure);
      for (const userId of erasure.users) await readings.remove(userId);
    },
    extract: (userId) => {
      if (unload === undefined) throw notHere('An export');
      return extractRows(warehouse, unload, userId);
    },
    close: () => Promise.resolve(),
  };
}

/**
 * From when on a run of the job has seen everything there is to erase. Rows come into the tables by the workflow alone, so one that was told the
 * workflow was idle after its last run ended saw what that run published, and none has published since. `askedAt` keeps away what was erased for
 * somebody who came back with a backup, and for an erasure after which rows were found. Undefined where nothing may count.
 */
function sinceOf(last: WorkflowRun | undefined, askedAt: number | undefined): number | undefined {
  if (last === undefined || askedAt === undefined) return askedAt;
  return last.endedAt === undefined ? undefined : Math.max(askedAt, last.endedAt);
}

type Tables = Awaited<ReturnType<typeof peopleTables>>;

const named = (prefix: string, ids: readonly string[]) => ids.map((id, at) => [`${prefix}${at}`, id] as const);

/** One question for all tables, and its parameters: ids of people and accounts are ours and few. */
function erasedSql(tables: Tables, { users, accounts }: Erasure): readonly [string, Readonly<Record<string, string>>] {
  const [theirs, those] = [named('user', users), named('account', accounts)];
  const isIn = (column: string, ids: typeof theirs) =>
    ids.length === 0 ? [] : [`${column} in (${ids.map(([name]) => `$${name}`).join(', ')})`];
  const counts = tables.flatMap(({ name, hasUser, hasAccount }) => {
    const gone = [...(hasUser ? isIn('user_id', theirs) : []), ...(hasAccount ? isIn('account', those) : [])];
    return gone.length === 0
      ? []
      : [`select '${name}' as table_name, count(*) as n from ${name} where ${gone.join(' or ')}`];
  });
  return [counts.join(' union all '), Object.fromEntries([...theirs, ...those])];
}

function notHere(what: string): PortError {
  return new PortError('not_here', `${what} of this stack does not run here.`, {
    remedy: 'wellspring process --stack starts a batch in the stack’s own workflow.',
  });
}
