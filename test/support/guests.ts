import { expect } from 'vitest';
import { importFiles } from '../../app/import.ts';
import { createWebhooks } from '../../app/webhooks.ts';
import type { LocalRuntime } from '../../local/runtime.ts';
import type { Population } from '../../local/sandbox/people.ts';
import { send } from '../../local/sandbox/sender.ts';
import { welcome, type Guest } from '../../local/sandbox/welcome.ts';

const ADDRESS = 'http://127.0.0.1';

/** Sends everything through the real doors into `runtime`, and answers who came. */
export async function receiveAll(runtime: LocalRuntime, { people, deliveries }: Population): Promise<Guest[]> {
  const app = createWebhooks(runtime);
  const guests = await welcome(runtime, people, ADDRESS);
  await send(deliveries, {
    clock: runtime.clock,
    fetch: (url, request) => app.request(url, request),
    door: ({ provider, person }) => guests[person]?.doors[provider] ?? { url: `${ADDRESS}/webhooks/nobody` },
    importFile: async ({ provider, person, name, text }) => {
      const user = guests[person]?.user;
      if (user === undefined) throw new RangeError(`There is no person ${person}.`);
      const { refused } = await importFiles(runtime, { provider, user, files: [{ name, bytes: Buffer.from(text) }] });
      expect(refused).toEqual([]);
    },
  });
  return guests;
}
