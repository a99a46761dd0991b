import { expect, test } from 'vitest';
import type { FaultName } from '../../../../local/sandbox/fault.ts';
import { held, holding, NOW_S, openSandbox, withingsTokens } from './harness.ts';

const USER = '13371337';
const HOOK = 'http://127.0.0.1/hook/k1.proof';

/** An account with three days to come whose owner is subscribed, and what the product was sent. */
async function subscribed(names: readonly FaultName[], statuses: readonly number[] = []) {
  const sent: string[] = [];
  const left = [...statuses];
  const days = [1, 2, 3].map((at) => held('getactivity', -at, { id: `d${at}`, knownAtS: NOW_S + at }));
  const opened = await openSandbox({
    holdings: [holding('withings', USER, days)],
    names,
    fetch: async (url, init) => {
      const { body } = init;
      if (typeof body !== 'string' || body === '') return new Response();
      sent.push(`${url === HOOK ? '' : 'wrong door '}${body.replace(`userid=${USER}&`, '')}`);
      return new Response(null, { status: left.shift() ?? 200 });
    },
  });
  const { access } = await withingsTokens(opened, USER);
  await opened.post('/withings/notify', { action: 'subscribe', appli: '16', callbackurl: HOOK }, access);
  const text = (at: number): string => `date=${days[at - 1]?.day}&appli=16`;
  return { opened, sent, text };
}

test('what became known is told in order, once, to whoever subscribed', async () => {
  const { opened, sent, text } = await subscribed([]);
  expect(await opened.release(NOW_S + 2)).toEqual({ notices: 2, tries: 2, lost: 0 });
  await opened.release(NOW_S + 3);
  expect(sent).toEqual([text(1), text(2), text(3)]);
  expect(await opened.release(NOW_S + 3)).toEqual({ notices: 0, tries: 0, lost: 0 });
});

test('a refused notice is tried ten times and then lost', async () => {
  const { opened, sent, text } = await subscribed([], [500, 503, 404]);
  expect(await opened.release(NOW_S + 1)).toEqual({ notices: 1, tries: 4, lost: 0 });
  expect(sent).toEqual(Array.from({ length: 4 }, () => text(1)));
  const deaf = await subscribed(
    [],
    Array.from({ length: 20 }, () => 500),
  );
  expect(await deaf.opened.release(NOW_S + 1)).toEqual({ notices: 1, tries: 10, lost: 1 });
});

test.each([
  ['duplicate', (text: string) => [text, text]],
  ['reset_after_served', (text: string) => [text, text]],
  ['wrong_signature', (text: string) => [`wrong door ${text}`, text]],
] as const)('%s: the notice comes twice', async (name, expected) => {
  const { opened, sent, text } = await subscribed([name]);
  expect(await opened.release(NOW_S + 1)).toEqual({ notices: 1, tries: 2, lost: 0 });
  expect(sent).toEqual(expected(text(1)));
});

test('a truncated notice comes whole afterwards, whatever it was answered', async () => {
  const { opened, sent, text } = await subscribed(['truncated_body']);
  await opened.release(NOW_S + 1);
  expect(sent).toHaveLength(2);
  expect(sent[1]).toBe(text(1));
  expect(text(1).startsWith(sent[0] ?? 'x')).toBe(true);
  expect(sent[0]).not.toBe(text(1));
});

test('reordered notices all come', async () => {
  const { opened, sent, text } = await subscribed(['reorder']);
  await opened.release(NOW_S + 3);
  expect(sent.toSorted()).toEqual([text(1), text(2), text(3)]);
  expect(sent).not.toEqual([text(1), text(2), text(3)]);
});

test('late notices come with the rest, and everything again where that is the fault', async () => {
  const late = await subscribed(['late']);
  await late.opened.release(NOW_S + 3);
  expect(late.sent).toEqual([]);
  expect((await late.opened.rest()).notices).toBe(3);
  expect(late.sent).toHaveLength(3);
  const again = await subscribed(['redeliver_all']);
  await again.opened.release(NOW_S + 3);
  await again.opened.rest();
  expect(again.sent).toEqual([...again.sent.slice(0, 3), ...again.sent.slice(0, 3)]);
  expect(again.sent).toHaveLength(6);
});

test('a provider gone silent tells nothing and holds nothing new', async () => {
  const { opened, sent } = await subscribed(['gone_silent']);
  await opened.release(NOW_S + 3);
  expect(sent).toEqual([]);
  expect(opened.horizon.known('withings', USER, 'getactivity')).toEqual([]);
});

test('a notice of a kind nobody knows comes beside the others', async () => {
  const { opened, sent, text } = await subscribed(['unknown_type']);
  await opened.release(NOW_S + 1);
  expect(sent).toHaveLength(2);
  expect(sent).toContain(text(1));
  expect(sent.join(' ')).toContain('appli=99');
});

test('who takes the consent back at the provider is told of, and the token ends', async () => {
  const { opened, sent } = await subscribed([]);
  const { access } = await withingsTokens(opened, USER);
  await opened.post('/withings/notify', { action: 'subscribe', appli: '46', callbackurl: HOOK }, access);
  expect((await opened.revoke('withings', USER)).lost).toBe(0);
  expect((await opened.revoke('withings', USER)).lost).toBe(0);
  expect(sent).toEqual(['action=unlink&appli=46']);
  const answer = await opened.post('/withings/measure', { action: 'getmeas' }, access);
  expect(Object(await answer.json()).status).toBe(401);
});
