import type { State, Versioned } from '../../ports/state/state.ts';
import { WellspringError } from '../errors.ts';
import { exportPerson, type ExportRuntime } from '../export.ts';
import { readTombstone } from '../forget/tombstone.ts';
import type { Runtime } from '../runtime.ts';

/** Why an export could not be built, in words for whoever asked. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

interface Asked {
  /** Unix ms. */
  readonly asked_at: number;
  /** Unix ms: whoever builds it is done by then, or has died. */
  readonly until: number;
  readonly failure: Failure | null;
}

/** An export that was asked for and is not there: `failure` is null while it is being built. */
export interface Unbuilt {
  readonly export_id: string;
  readonly asked_at: number;
  readonly failure: Failure | null;
}

/** One export of one person. */
export interface Wanted {
  readonly userId: string;
  readonly id: string;
}

export type ExportBuilder = ExportRuntime & Pick<Runtime, 'exports' | 'counters'>;

/** Under `export/<user id>/<export id>` while it is built, and for a day when that failed; ids are written as one. */
const KIND = 'export';
const DAY_MS = 86_400_000;
/** Longer than a function of the cloud may take, which is 15 minutes, and than an event takes to reach it. */
const PATIENCE_MS = 20 * 60_000;

const AGAIN =
  'Ask for it again. When it fails again, look at the free space and the permissions of the data directory.';
const INTERRUPTED: Failure = {
  code: 'export_interrupted',
  message: 'The export was not finished: the server ended while it was built.',
  remedy: 'Ask for it again.',
};

/** Notes that an export was asked for: without this nobody builds it. */
export async function askExport({ state, clock }: Pick<Runtime, 'state' | 'clock'>, wanted: Wanted): Promise<void> {
  const now = clock.now();
  await write(state, wanted, { asked_at: now, until: now + PATIENCE_MS, failure: null }, 0);
}

/** Takes that back, where nobody was found to build it. */
export async function withdrawExport({ state }: Pick<Runtime, 'state'>, { userId, id }: Wanted): Promise<void> {
  await state.delete(KIND, `${userId}/${id}`);
}

/** Builds an export that was asked for, perhaps by another process; what goes wrong is kept for whoever asks for it. One nobody waits for is left. */
export async function buildExport(runtime: ExportBuilder, wanted: Wanted): Promise<void> {
  const { state, clock, exports } = runtime;
  if (exports === undefined) throw new TypeError('an export needs a place to wait in');
  const { userId, id } = wanted;
  const found = await state.get<Asked>(KIND, `${userId}/${id}`);
  // Built already, or its person was forgotten.
  if (found === undefined) return;
  const begun = { ...found.value, until: clock.now() + PATIENCE_MS, failure: null };
  const claimed = await write(state, wanted, begun, found.version);
  // Somebody else builds it.
  if (!claimed.ok) return;
  try {
    await exports.keep(userId, id, (sink) => exportPerson(runtime, userId, sink));
  } catch (error) {
    runtime.counters?.count('wellspring', 'export_failed');
    // Over what was noted first: of somebody forgotten meanwhile nothing is noted any more.
    await write(state, wanted, { ...begun, failure: failureOf(error) }, claimed.version);
    return;
  }
  // Whoever was forgotten meanwhile has no exports any more, and this one came after they were removed.
  if ((await readTombstone(state, userId)) !== undefined) await exports.remove(userId, id);
  await forgetFailures(runtime, wanted);
}

/** One is built: what failed before is nothing to tell of any more. */
async function forgetFailures(runtime: Pick<Runtime, 'state' | 'clock'>, { userId, id }: Wanted): Promise<void> {
  const failed = await failedExports(runtime, userId);
  for (const one of [id, ...failed.map(({ export_id }) => export_id)])
    await withdrawExport(runtime, { userId, id: one });
}

/** An export of a person that was asked for within a day and is not there; undefined for one that is, or nobody asked for. */
export async function unbuiltExport(
  { state, clock }: Pick<Runtime, 'state' | 'clock'>,
  { userId, id }: Wanted,
): Promise<Unbuilt | undefined> {
  const found = await state.get<Asked>(KIND, `${userId}/${id}`);
  return found === undefined ? undefined : unbuilt(found, clock.now());
}

/** Exports of a person that failed within a day, the newest first. */
export async function failedExports(
  { state, clock }: Pick<Runtime, 'state' | 'clock'>,
  userId: string,
): Promise<readonly Unbuilt[]> {
  const all = (await state.list<Asked>(KIND, `${userId}/`)).map((one) => unbuilt(one, clock.now()));
  return all.filter(({ failure }) => failure !== null).toSorted((a, b) => b.asked_at - a.asked_at);
}

/** For a server that begins where one ended: what that one was building is not built any more. */
export async function endExports({ state, clock }: Pick<Runtime, 'state' | 'clock'>): Promise<void> {
  for (const { id: key, value, version } of await state.list<Asked>(KIND)) {
    const [userId = '', id = ''] = key.split('/');
    const isOpen = value.failure === null && value.until > clock.now();
    if (isOpen) await write(state, { userId, id }, { ...value, until: clock.now() }, version);
  }
}

function unbuilt({ id, value }: Versioned<Asked>, nowMs: number): Unbuilt {
  const { asked_at, until, failure } = value;
  return { export_id: id.split('/').at(-1) ?? id, asked_at, failure: failure ?? (until <= nowMs ? INTERRUPTED : null) };
}

function write(state: Pick<State, 'put'>, { userId, id }: Wanted, asked: Asked, expect: number) {
  return state.put(KIND, `${userId}/${id}`, asked, { expect, expiresAt: asked.asked_at + DAY_MS });
}

/** Words meant for the web are told; those of the command line and of drivers name places of the machine. */
function failureOf(error: unknown): Failure {
  const own = error instanceof WellspringError ? error : undefined;
  const message = 'The export could not be built.';
  if (own === undefined) return { code: 'export_failed', message, remedy: AGAIN };
  if (own.status === 500) return { code: own.code, message, remedy: AGAIN };
  return { code: own.code, message: own.message, remedy: own.remedy ?? AGAIN };
}
