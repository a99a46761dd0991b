import { WellspringError } from '../../app/errors.ts';
import { importFiles } from '../../app/import.ts';
import type { LocalRuntime } from '../runtime.ts';
import type { Faults } from '../sandbox/fault.ts';
import type { FileParcel, Parcel } from '../sandbox/parcel.ts';
import { send, type SendOptions } from '../sandbox/sender.ts';
import type { Guest } from '../sandbox/welcome.ts';
import type { DemoContext } from './options.ts';
import { showProgress } from './progress.ts';

/** How many parcels come before the watch they are from is connected, where that goes wrong. */
const EARLY = 6;

/** Whether a person connects the watch only after it has pushed. */
export const isEarly = (faults: Faults, person: number): boolean => faults.hits('early', `person ${person}`);

/** Sends all deliveries through the doors of their people, with a bar for whoever looks; throws `interrupted` on Ctrl-C. */
export async function deliver(
  runtime: LocalRuntime,
  deliveries: readonly Parcel[],
  guests: readonly Guest[],
  {
    context,
    faults,
    late,
  }: { readonly context: DemoContext; readonly faults: Faults; readonly late: readonly Guest[] },
): Promise<void> {
  const { interactive, interrupted } = context.terminal;
  if (!interactive) context.say(`Delivering ${deliveries.length} pushes and files …`);
  const progress = showProgress('Delivering', deliveries.length, interactive, runtime.clock);
  const options: SendOptions = {
    clock: runtime.clock,
    signal: interrupted,
    onSent: progress.step,
    door: ({ provider, person }) => known(guestOf(guests, person).doors[provider], provider),
    importFile: (parcel) => handIn(runtime, guestOf(guests, parcel.person), parcel),
    faults,
  };
  try {
    const early = new Set(late.length === 0 ? [] : deliveries.filter(isOfWatch).slice(0, EARLY));
    await send([...early], options);
    for (const guest of late) await guest.linkWatch();
    await send(
      deliveries.filter((parcel) => !early.has(parcel)),
      options,
    );
  } catch (cause) {
    throw interrupted.aborted ? stopped(cause) : cause;
  } finally {
    progress.stop();
  }
}

const isOfWatch = ({ provider }: Parcel): boolean => provider === 'garmin';

async function handIn(runtime: LocalRuntime, { user }: Guest, { provider, name, text }: FileParcel): Promise<void> {
  const files = [{ name, bytes: new TextEncoder().encode(text) }];
  const [why] = (await importFiles(runtime, { provider, user, files })).refused;
  if (why !== undefined) throw new WellspringError({ ...why, message: `The file ${name} was refused.` });
}

const guestOf = (guests: readonly Guest[], person: number): Guest => known(guests[person], `person ${person}`);

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`Nothing is linked for ${name}.`);
  return value;
}

function stopped(cause: unknown): WellspringError {
  return new WellspringError({
    code: 'interrupted',
    message: 'The demo was stopped before all was delivered.',
    remedy: 'Start it again: it begins anew.',
    exit: 130,
    cause,
  });
}
