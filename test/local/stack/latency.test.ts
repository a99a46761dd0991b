import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { measureDeliveries } from '../../../local/stack/doctor/latency.ts';

/** A server that answers each delivery with the next of these statuses, and a clock that says each took so long. */
async function open(answers: readonly { readonly status: number; readonly ms: number }[]) {
  let asked = 0;
  let now = 0;
  const server = createServer((_, response) => {
    const { status, ms } = answers[asked] ?? { status: 500, ms: 0 };
    asked += 1;
    now += ms;
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const one = { url: `http://127.0.0.1:${port}/webhooks/selftest`, headers: {}, body: '{}' };
  return measureDeliveries(
    answers.map(() => one),
    { now: () => now },
  );
}

const taken = (...ms: readonly number[]) => ms.map((each) => ({ status: 200, ms: each }));

test('the first is told apart: the median and the slowest are those of the others', async () => {
  const [deliveries] = await open(taken(900, 30, 10, 20));
  expect(deliveries).toMatchObject({ id: 'deliveries', state: 'ok', required: true });
  expect(deliveries?.detail).toContain('first in 900 ms, the others in 20 ms (median), at most 30 ms');
});

test.each([
  ['a slow start', taken(2500, 20, 20), 'the first answer, after a pause, took 2500 ms'],
  ['a slow one later', taken(20, 2001, 20), 'an answer took 2001 ms'],
])('%s is late for whoever waits 2 s, and for nobody else', async (_, answers, words) => {
  const [, ...deadlines] = await open(answers);
  expect(deadlines.map(({ id, state }) => [id, state])).toEqual([
    ['deadline.withings', 'warn'],
    ['deadline.oura', 'ok'],
    ['deadline.garmin', 'ok'],
  ]);
  expect(deadlines[0]?.detail).toContain(words);
});

test('exactly as long as a provider waits is in time', async () => {
  expect((await open(taken(20, 2000)))[1]).toMatchObject({ id: 'deadline.withings', state: 'ok' });
});

test.each([
  [401, 'ingest secret'],
  [429, 'concurrent executions'],
  [503, 'a-function-failed'],
])('a delivery that is answered %i fails the check, and says where to look', async (status, remedy) => {
  const all = await open([...taken(5), { status, ms: 5 }, ...taken(5)]);
  expect(all).toMatchObject([{ id: 'deliveries', state: 'fail', remedy: expect.stringContaining(remedy) }]);
});

test('an address nobody answers at fails after one delivery', async () => {
  const nobody = { url: 'http://127.0.0.1:9/webhooks/selftest', headers: {}, body: '{}' };
  const all = await measureDeliveries([nobody, nobody], { now: () => 0 });
  expect(all).toMatchObject([{ state: 'fail', detail: expect.stringContaining('127.0.0.1:9') }]);
});
