import type { State } from '../../ports/state/state.ts';
import { WellspringError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';

/** Why an export could not be built, in words for whoever asked. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

interface Asked {
  readonly asked_at: number;
  readonly failure: Failure | null;
}

/** An export that was asked for and is not there: `failure` is null while it is being built. */
export interface Unbuilt extends Asked {
  readonly export_id: string;
}

type AskedRuntime = Pick<Runtime, 'state' | 'clock' | 'counters'>;

/** Under `export/<user id>/<export id>` while it is built, and for a day when that failed; ids are written as one. */
const KIND = 'export';
const DAY_MS = 86_400_000;

/** What this process builds now: a record without it was left by one that has ended. */
const running = new WeakMap<AskedRuntime['state'], Set<string>>();

const AGAIN =
  'Ask for it again. When it fails again, look at the free space and the permissions of the data directory.';
const INTERRUPTED: Failure = {
  code: 'export_interrupted',
  message: 'The export was not finished: the server ended while it was built.',
  remedy: 'Ask for it again.',
};

/** Builds an export in the background; what goes wrong is kept for whoever asks for it. Resolves when it is noted that it has begun. */
export async function buildExport(
  runtime: AskedRuntime,
  { userId, id }: { readonly userId: string; readonly id: string },
  build: () => Promise<unknown>,
): Promise<void> {
  const { state, clock } = runtime;
  const key = keyOf(userId, id);
  const mine = running.get(state) ?? new Set();
  running.set(state, mine.add(key));
  const asked: Asked = { asked_at: clock.now(), failure: null };
  const note = (failure: Failure | null, expect: number) =>
    state.put(KIND, key, { ...asked, failure }, { expect, expiresAt: asked.asked_at + DAY_MS });
  await note(null, 0);
  build()
    .then(
      () => forgetFailures(runtime, userId, key),
      (error: unknown) => {
        runtime.counters?.count('wellspring', 'export_failed');
        // Over what was noted first: of somebody forgotten meanwhile nothing is noted any more.
        return note(failureOf(error), 1);
      },
    )
    // Without the note it counts as interrupted.
    .catch(() => undefined)
    .finally(() => mine.delete(key));
}

/** One is built: what failed before is nothing to tell of any more. */
async function forgetFailures(runtime: Pick<Runtime, 'state'>, userId: string, key: string): Promise<void> {
  const failed = await failedExports(runtime, userId);
  for (const id of [key, ...failed.map((one) => keyOf(userId, one.export_id))]) await runtime.state.delete(KIND, id);
}

/** An export of a person that was asked for within a day and is not there; undefined for one that is, or nobody asked for. */
export async function unbuiltExport(
  { state }: Pick<Runtime, 'state'>,
  userId: string,
  id: string,
): Promise<Unbuilt | undefined> {
  const found = await state.get<Asked>(KIND, keyOf(userId, id));
  return found === undefined ? undefined : unbuilt(state, found.id, found.value);
}

/** Exports of a person that failed within a day, the newest first. */
export async function failedExports({ state }: Pick<Runtime, 'state'>, userId: string): Promise<readonly Unbuilt[]> {
  const all = (await state.list<Asked>(KIND, `${userId}/`)).map(({ id, value }) => unbuilt(state, id, value));
  return all.filter(({ failure }) => failure !== null).toSorted((a, b) => b.asked_at - a.asked_at);
}

function unbuilt(state: State, key: string, { asked_at, failure }: Asked): Unbuilt {
  const isDead = failure === null && running.get(state)?.has(key) !== true;
  return { export_id: key.split('/').at(-1) ?? key, asked_at, failure: isDead ? INTERRUPTED : failure };
}

function keyOf(userId: string, id: string): string {
  return `${userId}/${id}`;
}

/** Words meant for the web are told; those of the command line and of drivers name places of the machine. */
function failureOf(error: unknown): Failure {
  const own = error instanceof WellspringError ? error : undefined;
  const message = 'The export could not be built.';
  if (own === undefined) return { code: 'export_failed', message, remedy: AGAIN };
  if (own.status === 500) return { code: own.code, message, remedy: AGAIN };
  return { code: own.code, message: own.message, remedy: own.remedy ?? AGAIN };
}
