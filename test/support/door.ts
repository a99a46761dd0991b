import type { Bus, WellspringEvent } from '../../ports/bus/bus.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';
import { createMemoryObjects } from '../../ports/objects/memory.ts';
import type { Objects } from '../../ports/objects/objects.ts';
import { createCounters } from '../../app/counters.ts';
import { readEnvelope } from '../../app/envelope.ts';
import type { ReceiveRuntime } from '../../app/runtime.ts';
import { createWebhooks } from '../../app/webhooks.ts';
import { createKeyring } from '../../providers/kit/keyring.ts';

/** 2026-11-20T07:00:00.123Z */
export const RECEIVED_AT = Date.UTC(2026, 10, 20, 7, 0, 0, 123);

type Sent = string | Uint8Array<ArrayBuffer>;

/** The doors over memory and a clock that stands still, with what was stored and published within reach. */
export function openDoor(changes: Partial<ReceiveRuntime> = {}) {
  const events: WellspringEvent[] = [];
  const bus: Bus = {
    publish: async (published) => published.map((event) => (events.push(event), { ok: true as const })),
  };
  const clock = createFixedClock(RECEIVED_AT);
  const keyring = createKeyring({ secrets: ['correct horse battery staple'] });
  const counters = createCounters();
  const runtime: ReceiveRuntime = {
    objects: createMemoryObjects(),
    bus,
    clock,
    ids: createSeededIds('door'),
    keyring,
    isForgotten: () => false,
    settings: () => ({}),
    version: '0.0.0',
    counters,
    ...changes,
  };
  const app = createWebhooks(runtime);
  const garminPath = `/webhooks/garmin/${keyring.issue('garmin', 'path', 'k1')}`;
  const appleToken = keyring.issue('apple', 'token', 'mz3k7q2v5cbx4dvf');
  return {
    runtime,
    app,
    clock,
    events,
    counters,
    garminPath,
    post: (path: string, body: Sent, headers: Record<string, string> = {}) =>
      Promise.resolve(app.request(path, { method: 'POST', body, headers })),
    garmin: (body: Sent, headers: Record<string, string> = {}) =>
      Promise.resolve(app.request(garminPath, { method: 'POST', body, headers })),
    apple: (body: Sent, headers: Record<string, string> = {}) =>
      Promise.resolve(
        app.request('/webhooks/apple', {
          method: 'POST',
          body,
          headers: { authorization: `Bearer ${appleToken}`, ...headers },
        }),
      ),
    keys: () => keysOf(runtime.objects),
    envelopes: async () => {
      const keys = await keysOf(runtime.objects, 'raw/');
      const documents = await Promise.all(keys.map((key) => runtime.objects.get(key)));
      return documents.map((document) => readEnvelope(document ?? new Uint8Array()));
    },
  };
}

export async function keysOf(objects: Objects, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix)) keys.push(key);
  return keys;
}
