import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { resourceSegment } from '../../../app/keys.ts';
import { verify } from '../../../app/verify.ts';
import { createFixedClock } from '../../../ports/clock/fixed.ts';
import { createKeyring } from '../../../providers/kit/keyring.ts';
import type { Provider } from '../../../providers/kit/provider.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import type { Evidence } from '../provider.ts';
import { marked } from './marked.ts';

type Door = NonNullable<Provider['webhook']>;

/** What its webhook lets in, and how a delivery is cut. */
export function doorContract(provider: Provider, door: Door, { deliveries = [] }: Evidence): void {
  const isForm = door.format === 'form';
  const keyring = createKeyring({ secrets: ['a secret of this test, long enough'] });
  const settings = { clientId: 'client', clientSecrets: [new Secret('the secret of the test')] };
  const at = Date.parse('2026-11-20T08:00:00Z');
  const runtime = { keyring, settings: () => settings, clock: createFixedClock(at) };
  const body = new TextEncoder().encode('{}');

  test('there is a recorded delivery', () => {
    expect(deliveries, `${provider.id}: put a body as the provider sends it below test/fixtures`).not.toEqual([]);
    expect(deliveries.filter((text) => !isJson(text))).toEqual([]);
  });

  test('how it is proved is declared whole: a signature where it says so, nowhere else', () => {
    expect(door.signature !== undefined).toBe(door.auth === 'signature');
    const names = [door.signature?.header, door.signature?.timestamp.header, ...Object.keys(door.keep ?? {})];
    expect(names.filter((name) => name !== undefined && name !== name.toLowerCase())).toEqual([]);
    const secret = Object.keys(door.keep ?? {}).filter((name) => /authorization|cookie|signature|token/.test(name));
    expect(secret).toEqual([]);
  });

  test('nothing is let in without its proof, nor with a wrong one', () => {
    const strange = keyring.issue('another', 'path', 'k');
    const tries = [
      { headers: {}, key: undefined },
      { headers: {}, key: strange },
      { headers: { authorization: `Bearer ${strange}` }, key: undefined },
      ...(door.signature === undefined ? [] : [{ headers: forged(door.signature, at), key: undefined }]),
    ];
    const let_in = tries.filter((one) => verify(runtime, provider, { ...one, body }).ok);
    expect(let_in).toEqual([]);
  });

  test('a stranger’s check of the address is refused, where the door answers for itself', () => {
    if (door.auth !== 'signature' || door.handshake === undefined) return;
    const { handshake } = door;
    const query = fc.dictionary(fc.constantFrom('challenge', 'verification_token', 'hub.challenge', 'x'), fc.string());
    fc.assert(fc.property(query, (given) => !handshake(given, () => false).ok));
  });

  test('a delivery is cut into JSON texts that hold each of its values exactly once', () => {
    const known = deliveries.length > 0 ? deliveries : ['{}'];
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.infiniteStream(fc.nat(9)), (text, choices) => {
        if (isForm) {
          expect(door.split(text, 'me').map((part) => part.text)).toEqual([text]);
          return;
        }
        const { body: changed, marks } = marked(text, choices);
        const texts = door.split(changed, 'me').map((part) => part.text);
        expect(texts.filter((one) => !isJson(one))).toEqual([]);
        const held = texts.flatMap((one) => one.match(/mark\d+/g) ?? []);
        expect(held.toSorted()).toEqual(marks.toSorted());
      }),
      { numRuns: 200 },
    );
  });

  test('whatever is sent makes parts of text with a name that can be a path, and never an error', () => {
    const junk = isForm ? fc.string() : fc.oneof(fc.jsonValue({ maxDepth: 3 }), junkLike(deliveries));
    fc.assert(
      fc.property(junk, (value) => {
        const parts = door.split(JSON.stringify(value), undefined);
        expect(parts.length).toBeGreaterThan(0);
        for (const { resource, text, externalId } of parts) {
          expect(resourceSegment(resource)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
          expect(isJson(text)).toBe(true);
          expect(externalId).not.toBe('');
        }
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);
}

function forged({ header, timestamp, encoding }: NonNullable<Door['signature']>, atMs: number) {
  const digest = encoding === 'hex' ? '0'.repeat(64) : Buffer.alloc(32).toString('base64');
  const stamp = String(timestamp.unit === 'ms' ? atMs : atMs / 1000);
  return { [header]: digest, [timestamp.header]: stamp };
}

/** Objects with the names a real delivery has, and anything in them. */
function junkLike(deliveries: readonly string[]): fc.Arbitrary<unknown> {
  const names = [...new Set(deliveries.flatMap((text) => text.match(/"[A-Za-z_]+"(?=\s*:)/g) ?? []))];
  const name = names.length === 0 ? fc.string() : fc.constantFrom(...names.map((quoted) => quoted.slice(1, -1)));
  const inner = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.dictionary(name, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 4 }),
  );
  return fc.dictionary(name, fc.oneof(inner, fc.array(inner, { maxLength: 4 })), { maxKeys: 4 });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
