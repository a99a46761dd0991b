import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { providers } from '../../providers/index.ts';
import { accountOf } from '../../providers/kit/account.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { openDoor } from '../support/door.ts';
import { fixture } from '../support/fixture.ts';

const AT_S = 1_795_158_000;
const KEY = 'test-client-secret';
const HEX = '0123456789abcdefABCDEF'.split('');
const EVENT = fixture('oura/webhook_event_sleep_update.json');

type Door = NonNullable<Provider['webhook']>;
type Headers = Record<string, string>;

const all: readonly Provider[] = Object.values(providers);
const signedDoors = all.flatMap((provider) =>
  provider.webhook?.signature === undefined ? [] : [{ id: provider.id, signature: provider.webhook.signature }],
);
type Signature = NonNullable<Door['signature']>;

const macOf = (signature: Signature, body: string | Uint8Array, stamp: string, secret = KEY): string =>
  createHmac('sha256', secret).update(stamp).update(body).digest(signature.encoding);
const headersOf = (signature: Signature, given: string, stamp: string): Headers => {
  return { [signature.header]: given, [signature.timestamp.header]: stamp };
};
const stampOf = ({ timestamp }: Signature, atS = AT_S): string => String(timestamp.unit === 'ms' ? atS * 1000 : atS);
const sign = (signature: Signature, body: string | Uint8Array, stamp = stampOf(signature), secret = KEY): Headers =>
  headersOf(signature, macOf(signature, body, stamp, secret), stamp);

/** Every text of the same length that differs in one bit. */
const flips = (bytes: Uint8Array) =>
  Array.from({ length: bytes.length * 8 }, (_, bit) =>
    bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
  );

const about = (user: string) =>
  JSON.stringify({ event_type: 'update', data_type: 'sleep', object_id: 'o', user_id: user });

/** Doors that know these secrets, on a clock that stands at a whole second. */
function open(secrets: readonly string[] | undefined = [KEY]) {
  const clientSecrets = secrets?.map((secret) => new Secret(secret));
  return openDoor({ clock: createFixedClock(AT_S * 1000), settings: () => ({ clientSecrets }) });
}

async function expectNothing(door: ReturnType<typeof open>): Promise<void> {
  expect(await door.keys()).toEqual([]);
  expect(door.events).toEqual([]);
}

describe.each(signedDoors)('the signed door of $id', ({ id, signature }) => {
  const path = `/webhooks/${id}`;

  test('a signed delivery is stored byte for byte, without its signature', async () => {
    const door = open();
    const headers = sign(signature, EVENT);
    const answer = await door.post(path, EVENT, headers);
    expect([answer.status, await answer.json()]).toEqual([200, { stored: 1, duplicates: 0 }]);
    const [envelope] = await door.envelopes();
    expect(envelope).toMatchObject({ data: EVENT, attributes: { keyid: 'signature', receiver: 'push' } });
    expect(JSON.stringify(envelope).toLowerCase()).not.toContain(headers[signature.header]?.toLowerCase());
    expect(door.counters.read()).toEqual({ [id]: { stored: 1 } });
  });

  test('10,000 forgeries: none is accepted, stored, published or an error, and each is counted', async () => {
    const door = open();
    const stamp = stampOf(signature);
    const right = macOf(signature, EVENT, stamp);
    const visible = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCodePoint(code)),
      maxLength: 130,
    });
    const digits = fc.string({ unit: fc.constantFrom(...HEX), minLength: 64, maxLength: 64 });
    const place = fc.nat({ max: right.length - 1 });
    const wrong = fc.oneof(
      visible,
      digits,
      place.map((length) => right.slice(0, length)),
      visible.filter((more) => more !== '').map((more) => `${right}${more}`),
      fc.tuple(place, visible).map(([at, more]) => `${right.slice(0, at)}!${more}${right.slice(at)}`),
      fc.string().map((secret) => macOf(signature, EVENT, stamp, `not ${secret}`)),
      fc.string().map((more) => macOf(signature, `${EVENT}${more} `, stamp)),
    );
    const stale = fc.oneof(fc.integer({ min: 301, max: 2 ** 30 }), fc.integer({ min: -(2 ** 30), max: -301 }));
    const forged = fc.oneof(
      wrong.map((given) => headersOf(signature, given, stamp)),
      fc.tuple(wrong, visible).map(([given, other]) => headersOf(signature, given, other)),
      visible.filter((other) => other !== stamp).map((other) => headersOf(signature, right, other)),
      // Signed rightly, at a time that cannot be read or lies too far away.
      visible.filter((other) => !/^[0-9]+$/.test(other)).map((other) => sign(signature, EVENT, other)),
      stale.map((awayS) => sign(signature, EVENT, stampOf(signature, AT_S + awayS))),
      fc.constantFrom<Headers>(
        {},
        { [signature.header]: right },
        { [signature.timestamp.header]: stamp },
        { authorization: `Bearer ${right}` },
      ),
    );
    await fc.assert(
      fc.asyncProperty(forged, async (headers) => {
        expect((await door.post(path, EVENT, headers)).status).toBe(401);
      }),
      { numRuns: 10_000 },
    );
    await expectNothing(door);
    const counts = Object.entries(door.counters.read()[id] ?? {});
    expect(counts.filter(([reason]) => !reason.startsWith('key_'))).toEqual([]);
    expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(10_000);
  }, 120_000);

  test('one bit flipped anywhere, in the body, the signature or the time, is refused', async () => {
    const door = open();
    const stamp = stampOf(signature);
    const given = macOf(signature, EVENT, stamp);
    let letters = 0;
    for (const body of flips(Buffer.from(EVENT))) {
      expect((await door.post(path, Uint8Array.from(body), headersOf(signature, given, stamp))).status).toBe(401);
    }
    for (const [name, text] of [
      ['mac', given],
      ['time', stamp],
    ] as const) {
      for (const flipped of flips(Buffer.from(text)).map((bytes) => Buffer.from(bytes).toString('latin1'))) {
        // What no header can carry is no delivery; what differs in the case of a hexadecimal digit is the same number.
        if (!/^[\x21-\x7e\x80-\xff]+$/.test(flipped)) continue;
        if (name === 'mac' && signature.encoding === 'hex' && flipped.toLowerCase() === text.toLowerCase()) {
          letters += 1;
          continue;
        }
        const headers = headersOf(signature, name === 'mac' ? flipped : given, name === 'time' ? flipped : stamp);
        expect((await door.post(path, EVENT, headers)).status, `${name} ${flipped}`).toBe(401);
      }
    }
    expect(letters).toBe(signature.encoding === 'hex' ? given.replaceAll(/[0-9]/g, '').length : 0);
    await expectNothing(door);
    expect((await door.post(path, EVENT, headersOf(signature, given, stamp))).status).toBe(200);
  });

  test.each([
    [-301, 401],
    [-300, 200],
    [0, 200],
    [300, 200],
    [301, 401],
  ])('signed %i s from now is answered %i', async (awayS, status) => {
    const door = open();
    expect((await door.post(path, EVENT, sign(signature, EVENT, stampOf(signature, AT_S + awayS)))).status).toBe(
      status,
    );
  });

  test('a signature or a time given twice is refused, alike or not', async () => {
    const door = open();
    const right = sign(signature, EVENT);
    for (const name of [signature.header, signature.timestamp.header]) {
      for (const more of [right[name] ?? '', 'x']) {
        const twice = new Headers(right);
        twice.append(name, more);
        const answer = await door.app.request(path, { method: 'POST', body: EVENT, headers: twice });
        expect(answer.status).toBe(401);
      }
    }
    await expectNothing(door);
  });

  test('the names of the headers may be written in any case', async () => {
    const upper = Object.entries(sign(signature, EVENT)).map(([name, value]) => [name.toUpperCase(), value]);
    expect((await open().post(path, EVENT, Object.fromEntries(upper))).status).toBe(200);
  });

  test('while a secret is replaced both are right; then the old one is refused', async () => {
    const old = sign(signature, EVENT, undefined, 'old');
    const fresh = sign(signature, EVENT, undefined, 'fresh');
    const statuses = async (secrets: readonly string[]) => {
      const door = open(secrets);
      return [(await door.post(path, EVENT, old)).status, (await door.post(path, EVENT, fresh)).status];
    };
    expect(await statuses(['old'])).toEqual([200, 401]);
    expect(await statuses(['fresh', 'old'])).toEqual([200, 200]);
    expect(await statuses(['fresh'])).toEqual([401, 200]);
  });

  test.each([undefined, [], [''], ['  '], ['', '\t'], ['CHANGE_ME']].map((secrets) => ({ secrets })))(
    'with $secrets as secrets it answers that it cannot check yet, and takes nothing',
    async ({ secrets }) => {
      const door = openDoor({
        clock: createFixedClock(AT_S * 1000),
        settings: () => ({ clientSecrets: secrets?.map((secret) => new Secret(secret)) }),
      });
      for (const secret of ['x', '', ' ', ...(secrets ?? [])]) {
        const answer = await door.post(path, EVENT, sign(signature, EVENT, undefined, secret));
        expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'not_configured' }]);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      await expectNothing(door);
      expect(door.counters.read()[id]).toEqual({ key_unconfigured: 3 + (secrets?.length ?? 0) });
    },
  );

  test('unsigned callers learn nothing of it, and their bodies are not read', async () => {
    let pulled = 0;
    const body = new ReadableStream({ pull: () => void (pulled += 1) }, { highWaterMark: 0 });
    const answer = await open(undefined).app.request(path, { method: 'POST', body, duplex: 'half' });
    expect([answer.status, pulled]).toEqual([401, 0]);
  });

  test('played again within its five minutes it says the same thing once more, afterwards nothing', async () => {
    const clock = createFixedClock(AT_S * 1000);
    const door = openDoor({ clock, settings: () => ({ clientSecrets: [new Secret(KEY)] }) });
    const headers = sign(signature, EVENT);
    for (const awayMs of [0, 1, 299_999]) {
      clock.advance(awayMs);
      expect((await door.post(path, EVENT, headers)).status).toBe(200);
    }
    clock.advance(1);
    expect((await door.post(path, EVENT, headers)).status).toBe(401);
    expect(new Set((await door.envelopes()).map(({ data }) => data))).toEqual(new Set([EVENT]));
    expect(door.counters.read()[id]).toMatchObject({ key_expired: 1 });
  });

  test('bytes that are signed and cannot be read are kept apart', async () => {
    const door = open();
    const bytes = Buffer.from([0x22, 0xff, 0x22]);
    expect((await door.post(path, bytes, sign(signature, bytes))).status).toBe(400);
    expect((await door.keys()).map((key) => key.split('/')[0])).toEqual(['refused']);
    expect(door.events).toEqual([]);
  });
});

/** What a right caller of a door shows: a key in the address, a bearer token, or a signature. */
interface Proof {
  readonly id: string;
  readonly key?: string;
  readonly headers: Headers;
}

test('what one provider proves opens no other provider’s door', async () => {
  const door = open();
  const { keyring } = door.runtime;
  const proofs = all.flatMap(({ id, webhook }): Proof[] => {
    if (webhook === undefined) return [];
    if (webhook.signature !== undefined) return [{ id, headers: sign(webhook.signature, EVENT) }];
    if (webhook.auth === 'path') return [{ id, key: keyring.issue(id, 'path', 'k1'), headers: {} }];
    return [{ id, headers: { authorization: `Bearer ${keyring.issue(id, 'token', 'k1')}` } }];
  });
  expect(proofs.length).toBeGreaterThanOrEqual(3);
  for (const from of proofs) {
    for (const to of proofs.filter(({ id }) => id !== from.id)) {
      // A door that takes no key in its address has no such address at all.
      const isPath = to.key !== undefined;
      const path = from.key === undefined || !isPath ? `/webhooks/${to.id}` : `/webhooks/${to.id}/${from.key}`;
      expect((await door.post(path, EVENT, from.headers)).status, `${from.id} at ${to.id}`).toBe(401);
    }
  }
  await expectNothing(door);
  for (const { id, key, headers } of proofs) {
    const path = key === undefined ? `/webhooks/${id}` : `/webhooks/${id}/${key}`;
    expect((await door.post(path, EVENT, headers)).status, id).toBe(200);
  }
});

test('who a signed event is about is told by its signed body alone', async () => {
  const door = open();
  const { signature } = signedDoors.find(({ id }) => id === 'oura') ?? signedDoors[0] ?? expect.unreachable();
  for (const user of ['one', 'two']) {
    expect(
      (
        await door.post('/webhooks/oura?user_id=three', about(user), {
          ...sign(signature, about(user)),
          'user-id': 'four',
        })
      ).status,
    ).toBe(200);
  }
  const subjects = (await door.envelopes()).map(({ attributes }) => String(attributes['subject']));
  expect(subjects.toSorted()).toEqual([accountOf('oura', 'one'), accountOf('oura', 'two')].toSorted());
  expect(door.events.map(({ detailType }) => detailType)).toEqual(['Notice Stored', 'Notice Stored']);
});
