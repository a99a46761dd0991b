import { expect, test } from 'vitest';
import { createSystemClock } from '../../../ports/clock/system.ts';
import type { Clock } from '../../../ports/clock/clock.ts';
import type { Parcel } from '../../../local/sandbox/parcel.ts';
import { send, type SendOptions } from '../../../local/sandbox/sender.ts';

const parcel = (lane: string, body: string): Parcel => ({
  kind: 'push',
  provider: 'garmin',
  lane,
  person: 0,
  headers: { 'content-type': 'application/json' },
  body,
});

/** Time that passes only where somebody sleeps. */
function patientClock(): Clock & { readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

const options = (fetch: SendOptions['fetch'], clock: Clock = patientClock()): SendOptions => ({
  clock,
  fetch: fetch ?? (() => new Response()),
  door: () => ({ url: 'http://127.0.0.1/webhooks/garmin/k1.proof' }),
  importFile: async () => undefined,
});

test('a lane keeps its order while another one passes it', async () => {
  const seen: string[] = [];
  const fetch: SendOptions['fetch'] = async (_, init) => {
    const body = init.body;
    if (body === 'a1') await new Promise((resolve) => setTimeout(resolve, 30));
    seen.push(body);
    return new Response();
  };
  await send([parcel('a', 'a1'), parcel('a', 'a2'), parcel('b', 'b1')], options(fetch, createSystemClock()));
  expect(seen.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2']);
  expect(seen.indexOf('b1')).toBeLessThan(seen.indexOf('a1'));
});

test('what the server could not take, and what got no answer, is sent again with the same bytes', async () => {
  const bodies: string[] = [];
  const fetch: SendOptions['fetch'] = (_, init) => {
    bodies.push(init.body);
    if (bodies.length === 1) return new Response('', { status: 503 });
    if (bodies.length === 2) throw new TypeError('fetch failed');
    return new Response();
  };
  const clock = patientClock();
  await send([parcel('a', '{"dailies":[]}')], options(fetch, clock));
  expect(bodies).toEqual(['{"dailies":[]}', '{"dailies":[]}', '{"dailies":[]}']);
  expect(clock.slept.slice(0, 2)).toEqual([200, 400]);
});

test('a delivery that is refused for good ends the sending, naming provider and status and not the key', async () => {
  const sending = send(
    [parcel('a', '{}')],
    options(() => new Response('', { status: 401 })),
  );
  await expect(sending).rejects.toMatchObject({ code: 'delivery_refused', exit: 4 });
  await expect(sending).rejects.toThrow(/garmin.*401/);
  await expect(sending).rejects.not.toThrow(/proof/);
});

test('a server that never answers is given up after six times', async () => {
  let asked = 0;
  const fetch: SendOptions['fetch'] = () => {
    asked += 1;
    throw new TypeError('fetch failed');
  };
  await expect(send([parcel('a', '{}')], options(fetch))).rejects.toThrow(/no answer/);
  expect(asked).toBe(6);
});

test('two deliveries of a lane are never received in one millisecond', async () => {
  const clock = patientClock();
  const received: number[] = [];
  const fetch: SendOptions['fetch'] = () => {
    received.push(clock.now());
    return new Response();
  };
  await send([parcel('a', '1'), parcel('a', '2'), parcel('a', '3')], options(fetch, clock));
  expect(new Set(received).size).toBe(3);
});

test('a personal token is sent as a bearer token, a file is handed in', async () => {
  const tokens: unknown[] = [];
  const handed: string[] = [];
  await send(
    [
      parcel('a', '{}'),
      { kind: 'file', provider: 'myfitnesspal', lane: 'f', person: 1, name: 'diary.csv', text: 'Date' },
    ],
    {
      ...options((_, init) => {
        tokens.push(new Headers(init.headers).get('authorization'));
        return new Response();
      }),
      door: () => ({ url: 'http://127.0.0.1/', token: 'id.proof' }),
      importFile: async ({ name }) => {
        handed.push(name);
      },
    },
  );
  expect(tokens).toEqual(['Bearer id.proof']);
  expect(handed).toEqual(['diary.csv']);
});
