import { describe, expect, test } from 'vitest';
import { receive } from '../../app/receive.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { type Provider, defineProvider } from '../../providers/kit/provider.ts';
import { openDoor } from '../support/door.ts';

/** A door that takes forms behind a secret address, and finds the account in the text. */
const clinic: Provider = defineProvider({
  id: 'clinic',
  name: 'Clinic',
  docs: 'https://clinic.example/docs',
  portal: 'https://clinic.example/portal',
  webhook: {
    limit: 64,
    auth: 'path',
    format: 'form',
    split: (text) => {
      const form: unknown = JSON.parse(text);
      const externalId = new URLSearchParams(String(form)).get('userid') ?? undefined;
      return [{ externalId, resource: 'notice', notice: true, text }];
    },
  },
  policy: { mixing: true, ai: true, mustDeregister: false },
});

function open() {
  const door = openDoor();
  const key = door.runtime.keyring.issue('clinic', 'path', 'k1');
  const send = (body: string | Uint8Array, headers: Record<string, string> = {}, shown: string | undefined = key) =>
    receive(door.runtime, clinic, { body: typeof body === 'string' ? Buffer.from(body) : body, headers, key: shown });
  return { ...door, send };
}

describe('a form', () => {
  test('is kept as one JSON string with every character it had', async () => {
    const { send, envelopes, events } = open();
    const form = 'userid=7&note=a%20b+c&x="quoted"\\\u00fc';
    expect(await send(form)).toEqual({ outcome: 'stored', stored: 1, duplicates: 0 });
    const [envelope] = await envelopes();
    expect(envelope?.data).toBe(JSON.stringify(form));
    expect(envelope?.attributes).toMatchObject({ type: 'clinic.notice', subject: accountOf('clinic', '7') });
    expect(events.map(({ detailType }) => detailType)).toEqual(['Notice Stored']);
  });

  test('is read the same whatever its content type says', async () => {
    const { send, envelopes } = open();
    const types = ['application/x-www-form-urlencoded', 'application/json', 'text/plain', ''];
    for (const [n, type] of types.entries()) await send(`userid=${n}`, type === '' ? {} : { 'content-type': type });
    expect((await envelopes()).map(({ data }) => data).toSorted()).toEqual(types.map((_, n) => `"userid=${n}"`));
  });

  test('that looks like JSON is still a form', async () => {
    const { send, envelopes } = open();
    await send('{"userid":"7"}');
    expect((await envelopes())[0]?.data).toBe('"{\\"userid\\":\\"7\\"}"');
  });

  test('without a byte is a check of the address: acknowledged, nothing kept, nothing told', async () => {
    const { send, keys, events, counters } = open();
    expect(await send('')).toEqual({ outcome: 'stored', stored: 0, duplicates: 0 });
    expect(await keys()).toEqual([]);
    expect(events).toEqual([]);
    expect(counters.read()).toEqual({ clinic: { stored: 1 } });
  });

  test('of a blank is kept: only nothing is nothing', async () => {
    const { send, envelopes } = open();
    await send(' ');
    expect((await envelopes()).map(({ data }) => data)).toEqual(['" "']);
  });

  test('that is empty and shows no right key is refused like any other', async () => {
    const { send, counters } = open();
    expect(await send('', {}, 'k1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).toEqual({ outcome: 'not_verified' });
    expect(counters.read()).toEqual({ clinic: { key_mismatch: 1 } });
  });

  test('whose bytes are no UTF-8 is unreadable, and its bytes are kept apart', async () => {
    const { send, keys } = open();
    expect(await send(Uint8Array.of(0x61, 0xff))).toEqual({ outcome: 'unreadable', reason: 'not_utf8' });
    expect((await keys()).map((key) => key.split('/').slice(0, 3))).toEqual([['refused', '2026-11-20', 'clinic']]);
  });

  test('keeps a byte-order mark as part of what was sent', async () => {
    const { send, envelopes } = open();
    await send(Buffer.from('\uFEFFuserid=7'));
    expect((await envelopes())[0]?.data).toBe('"\uFEFFuserid=7"');
  });
});

test('an empty body at a door that takes JSON is unreadable', async () => {
  const door = openDoor();
  expect((await door.garmin('')).status).toBe(400);
});

test('a door that says it is signed and does not say how lets nobody in', async () => {
  const { runtime, keys } = openDoor();
  const webhook = { limit: 64, auth: 'signature', split: () => [] } as const;
  const careless: Provider = { ...clinic, webhook };
  const delivery = { body: Buffer.from('{}'), headers: { 'x-signature': 'a'.repeat(64) }, key: undefined };
  expect(await receive(runtime, careless, delivery)).toEqual({ outcome: 'not_verified' });
  expect(await keys()).toEqual([]);
});
