import { Hono } from 'hono';
import { expect, test, vi } from 'vitest';
import { http } from '../../handlers/http.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { httpAnswer, request } from '../support/lambda.ts';

const clock = createSystemClock();
/** An answer of a function holds 6 MiB, written as JSON. */
const MOST = 6 * 1024 * 1024;

function open(remainingMs = 5000) {
  const log: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => log.push(String(line)) > 0);
  const app = new Hono();
  app.get('/large/:letter/:times', (c) => c.text(c.req.param('letter').repeat(Number(c.req.param('times')))));
  app.get('/never', async (c) => (await clock.sleep(60_000), c.text('late')));
  const handler = http(async () => ({ app, refresh: async () => undefined }), 1000);
  const context = Object.assign(Object.create(null), { getRemainingTimeInMillis: () => remainingMs });
  const ask = async (event: object) => {
    const { statusCode, body } = httpAnswer.parse(await handler(event, context));
    return { statusCode, body, code: body.startsWith('{') ? JSON.parse(body).code : undefined };
  };
  return { ask, log };
}

test('an answer larger than a function may give is refused by a code', async () => {
  const { ask } = open();
  const large = (letter: string, times: number) => ask(request('GET', `/large/${letter}/${times}`));
  expect((await large('x', MOST - 10_000)).statusCode).toBe(200);
  const refused = { statusCode: 500, code: 'too_large_answer' };
  expect(await large('x', MOST)).toMatchObject(refused);
  // Two bytes each, once quoted.
  expect(await large('%22', MOST / 2)).toMatchObject(refused);
});

test('an answer that does not come in the time of the function is 503 before it is ended', async () => {
  const { ask, log } = open(800);
  expect(await ask(request('GET', '/never'))).toMatchObject({ statusCode: 503, code: 'too_slow' });
  expect(log.join('')).toContain('"code":"too_slow"');
});
