import type { Bus, WorkAsked } from '../ports/bus/bus.ts';
import { collect } from './collect.ts';
import type { CollectRuntime, Patience } from './collect/runtime.ts';
import { WellspringError } from './errors.ts';
import { buildExport, type ExportBuilder } from './export/asked.ts';
import { forget } from './forget.ts';
import type { ForgetRuntime } from './forget/runtime.ts';
import type { Runtime } from './runtime.ts';

/** Something an answer does not wait for. */
export type Asked = WorkAsked['work'];
type AskedTo<K extends Asked['kind']> = Extract<Asked, { readonly kind: K }>;

/** What to ask for; everything of everybody where nothing is said. */
type Wanted = { readonly [Of in Exclude<keyof AskedTo<'collect'>, 'kind'>]?: string | undefined };

/** Asks providers for what is new; what fails is noted and comes by itself. `afresh`: somebody asked for it, so what was refused before is asked for again. */
export async function doCollect(
  runtime: CollectRuntime,
  work: Wanted,
  patience: Patience & { readonly afresh?: boolean } = {},
): Promise<void> {
  const { provider, user_id: userId, connection_id: connectionId, metric } = work;
  await moot(() => collect(runtime, { ...patience, provider, userId, connectionId, metric }));
}

/** Builds an export somebody asked for; one that fails is told to whoever asks for it, and the work is done. */
export async function doExport(runtime: ExportBuilder, work: Omit<AskedTo<'export'>, 'kind'>): Promise<void> {
  await buildExport(runtime, { userId: work.user_id, id: work.export_id });
}

/** Forgets somebody to the end; throws what stopped it, and the next round goes on from there. */
export async function doForget(
  runtime: ForgetRuntime & Pick<Runtime, 'premises'>,
  work: Omit<AskedTo<'forget'>, 'kind'>,
): Promise<void> {
  const { premises } = runtime;
  if (premises === undefined) throw new TypeError('forgetting needs the premises of this installation');
  await moot(() => forget(runtime, premises, work.user_id));
}

/** Does what was asked for, in whatever process; safe to repeat. */
export async function doWork(runtime: Runtime, work: Asked): Promise<void> {
  switch (work.kind) {
    case 'collect':
      return doCollect(runtime, work, { afresh: true });
    case 'export':
      return doExport(runtime, work);
    case 'forget':
      return doForget(runtime, work);
  }
}

/** What was disconnected, or forgotten, since it was asked for is not to be done any more, and repeating it would not help. */
async function moot(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof WellspringError) || error.status >= 500) throw error;
  }
}

/**
 * Hands over what an answer does not wait for: to whom the runtime names, else to this process, in the background.
 * Throws `work_not_accepted` (503) where nobody takes it; then nothing was begun.
 */
export async function hand(runtime: Runtime, work: Asked): Promise<void> {
  if (runtime.hand !== undefined) return runtime.hand(work);
  // Nobody waits for it; whatever fails in itself is repeated by the next round.
  doWork(runtime, work).catch(() => {
    const provider = work.kind === 'collect' ? work.provider : undefined;
    runtime.counters?.count(provider ?? 'wellspring', `${work.kind}_failed`);
  });
}

/** Hands work to other functions by an event: a function that has answered stands still, so it can do nothing in the background. */
export function createBusHand(bus: Bus): NonNullable<Runtime['hand']> {
  return async (work) => {
    const [result] = await bus.publish([{ detailType: 'Work Asked', detail: { schema: 1, work } }]);
    if (result?.ok === true) return;
    throw new WellspringError({
      code: 'work_not_accepted',
      message: 'It could not be begun: the bus did not take it.',
      remedy: 'Ask again in half a minute.',
      status: 503,
      exit: 4,
    });
  };
}
