import { cpSync } from 'node:fs';
import { openRuntime, type LocalRuntime } from '../../../local/runtime.ts';
import type { PushParcel } from '../../../local/sandbox/parcel.ts';
import { generatePeople } from '../../../local/sandbox/people.ts';
import { send, type Door } from '../../../local/sandbox/sender.ts';
import { welcome } from '../../../local/sandbox/welcome.ts';
import { createWebhooks } from '../../../app/webhooks.ts';
import { createShiftedClock } from './clock.ts';

const ADDRESS = 'http://127.0.0.1';

/** A data directory whose people are connected, and what their watches and phones are going to push. */
export interface Household {
  readonly directory: string;
  readonly pushes: readonly PushParcel[];
  /** Where a push goes; `url` has no host. */
  readonly door: (parcel: PushParcel) => Door;
}

/** Makes the data directory; copies of it have the same ids and keys. */
export async function makeHousehold(
  directory: string,
  shiftMs: number,
  size: { readonly days: number; readonly people: number },
): Promise<Household> {
  const { people, deliveries } = generatePeople({ seed: 'crash', until: '2026-11-20', ...size });
  const guests = await withRuntime(directory, shiftMs, (runtime) => welcome(runtime, people, ADDRESS));
  return {
    directory,
    pushes: deliveries.filter((parcel) => parcel.kind === 'push'),
    door({ provider, person }) {
      const door = guests[person]?.doors[provider];
      if (door === undefined) throw new RangeError(`Person ${person} has no door at ${provider}.`);
      return { ...door, url: door.url.slice(ADDRESS.length) };
    },
  };
}

/** Copies a data directory nobody works on, and answers where to. */
export function copyOf(directory: string, copy: string): string {
  cpSync(directory, copy, { recursive: true });
  return copy;
}

/** Opens a data directory for as long as `work` runs. */
export async function withRuntime<T>(
  directory: string,
  shiftMs: number,
  work: (runtime: LocalRuntime) => Promise<T>,
): Promise<T> {
  const runtime = await openRuntime({ dataDir: directory, zone: 'UTC', clock: createShiftedClock(shiftMs) });
  try {
    return await work(runtime);
  } finally {
    await runtime.close();
  }
}

/** Takes pushes in without a server, and without an accident. */
export async function takeIn(runtime: LocalRuntime, { door }: Household, pushes: readonly PushParcel[]): Promise<void> {
  const app = createWebhooks(runtime);
  await send(pushes, {
    clock: runtime.clock,
    door,
    fetch: (url, request) => app.request(url, request),
    importFile: () => Promise.reject(new TypeError('Files are not pushed.')),
  });
}
