import { importFiles } from '../../app/import.ts';
import { sendDue } from '../../app/send-due.ts';
import { sweep } from '../../app/sweep.ts';
import { openRuntime } from '../../local/runtime.ts';
import { generatePeople } from '../../local/sandbox/people.ts';
import { send } from '../../local/sandbox/sender.ts';
import { type Guest, welcome } from '../../local/sandbox/welcome.ts';
import { serve } from '../../local/server.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';

const OWNER_TOKEN = 'the-owner-token-of-the-browser-tests';

/** Tuesday 31 March 2026 in the evening, two days after the clocks of Europe changed. */
const UNTIL = '2026-03-31';
const NOW = Date.UTC(2026, 2, 31, 17);

/** A server of its own with simulated people whose data came through the real doors and a real batch. */
export interface Site {
  readonly url: string;
  readonly ownerToken: string;
  readonly guests: readonly Guest[];
  close(): Promise<void>;
}

export async function openSite(days = 45): Promise<Site> {
  const dataDir = makeDirectory();
  const clock = createFixedClock(NOW);
  const batch = { size: 1_000_000, windowSeconds: 900 };
  const runtime = await openRuntime({ dataDir, clock, ids: createSeededIds('site'), ownerToken: OWNER_TOKEN, batch });
  const served = await serve(runtime, { port: 0, host: '127.0.0.1' });
  const { people, deliveries } = generatePeople({ seed: 'site', days, people: 2, until: UNTIL, untilHour: 18 });
  const guests = await welcome(runtime, people, served.url);
  const guestOf = (person: number): Guest => {
    const guest = guests[person];
    if (guest === undefined) throw new RangeError(`There is no person ${person}.`);
    return guest;
  };
  await send(deliveries, {
    // Which statement came last is told by the receive time: where the sender waits, the clock of the site goes on.
    clock: { now: () => clock.now(), sleep: async (ms) => clock.advance(ms) },
    door: ({ provider, person }) => {
      const door = guestOf(person).doors[provider];
      if (door === undefined) throw new RangeError(`Person ${person} has no ${provider}.`);
      return door;
    },
    importFile: async ({ person, provider, name, text }) => {
      const files = [{ name, bytes: new TextEncoder().encode(text) }];
      await importFiles(runtime, { provider, user: guestOf(person).user, files });
    },
  });
  // The server's own first round may hold the lease of batches, and who waits for it sleeps by this clock.
  const going = setInterval(() => clock.advance(50), 50);
  await sweep(runtime);
  await sendDue(runtime);
  clearInterval(going);
  return {
    url: served.url,
    ownerToken: OWNER_TOKEN,
    guests,
    async close() {
      await served.close();
      await runtime.close();
      removeDirectory(dataDir);
    },
  };
}
