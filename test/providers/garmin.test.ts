import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { garmin } from '../../providers/garmin.ts';
import { providerContract } from '../contract/provider.ts';
import { fixture, recordedBy } from '../support/fixture.ts';
import { partsByType } from '../support/parts.ts';

const deliveries = recordedBy('garmin');
const LATER =
  'stressDetails userMetrics pulseox allDayRespiration healthSnapshot hrv bloodPressures skinTemp activityDetails ' +
  'manuallyUpdatedActivities moveIQActivities';

providerContract(garmin, {
  deliveries,
  types: {
    ...partsByType(garmin, deliveries),
    activities: { why: 'the specification’s example is pushed as a manually updated activity' },
    hrv: { why: 'no example is in the specification' },
    activityFiles: { why: 'only pings of it are in the specification' },
  },
  unread: {
    ...Object.fromEntries(LATER.split(' ').map((type) => [type, 'kept; no metric is read from it yet'])),
    activityFiles: 'a file, which is no JSON',
    ping: 'a notice holds no value',
    deregistrations: 'a control message holds no value',
    userPermissionsChange: 'a control message holds no value',
  },
  tokens: {
    // the answer of the OAuth 2 document, its tokens shortened
    grant: { access_token: 'a', expires_in: 86_400, token_type: 'bearer', refresh_token: 'r', scope: 'PARTNER_READ' },
    errors: [
      [{ error: 'invalid_grant', error_description: 'x' }, 'invalid_grant'],
      [{ error: 'invalid_client' }, 'invalid_client'],
    ],
  },
});

const ALICE = 'd3315b1072421d0dd7c8f6b8e1de4df8';
const BOB = '4aacafe82427c251df9c9592d0c06768';

const split = (text: string) => garmin.webhook.split(text);
const owners = (text: string) => split(text).map(({ externalId, resource }) => [externalId, resource]);

describe('recorded pushes', () => {
  // Counted in the files by eye: whose elements stand in which list.
  test.each([
    [
      'spec-push-dailies-two-users',
      [
        [ALICE, 'dailies'],
        [BOB, 'dailies'],
      ],
    ],
    [
      'spec-push-epochs',
      [
        [ALICE, 'epochs'],
        [BOB, 'epochs'],
      ],
    ],
    [
      'spec-push-sleeps',
      [
        [ALICE, 'sleeps'],
        [BOB, 'sleeps'],
      ],
    ],
    ['spec-push-stressDetails', [[ALICE, 'stressDetails']]],
    ['spec-push-healthSnapshot', [[ALICE, 'healthSnapshot']]],
    ['spec-ping-epochs-and-activityFiles', [[BOB, 'ping']]],
    ['spec-deregistrations', [[ALICE, 'deregistrations']]],
    ['spec-userPermissionsChange', [[ALICE, 'userPermissionsChange']]],
  ])('%s goes to its people', (name, expected) => {
    expect(owners(fixture(`garmin/${name}.json`))).toEqual(expected);
  });

  test('six types in one push become a part per person and type', () => {
    const found = owners(fixture('garmin/spec-push-mixed-body-vitals.json'));
    expect(new Set(found.map(String))).toEqual(
      new Set([
        `${ALICE},bodyComps`,
        `${BOB},bodyComps`,
        `${ALICE},bloodPressures`,
        `${ALICE},userMetrics`,
        `${ALICE},skinTemp`,
        `${ALICE},pulseox`,
        `${ALICE},allDayRespiration`,
      ]),
    );
    expect(found).toHaveLength(7);
  });

  test('each person gets only their own elements, in the shape that was pushed and character for character', () => {
    const text = fixture('garmin/spec-push-dailies-two-users.json');
    for (const part of split(text)) {
      const inner = part.text.slice('{"dailies":['.length, -']}'.length);
      expect(part.text).toBe(`{"dailies":[${inner}]}`);
      expect(text).toContain(inner);
      expect(JSON.parse(inner)).toMatchObject({ userId: part.externalId });
    }
  });
});

test('a push of one person and one type stays byte for byte, white space included', () => {
  const text = '\n { "dailies" : [ {"userId":"a","n":1.0} , {"userId":"a","n":1e2} ] }\r\n';
  expect(split(text)).toEqual([{ externalId: 'a', resource: 'dailies', text, notice: false }]);
});

test('an empty list beside one person and one type rides along, beside several it is nobody’s', () => {
  const one = '{"dailies":[{"userId":"a"}],"epochs":[]}';
  expect(split(one)).toEqual([{ externalId: 'a', resource: 'dailies', text: one, notice: false }]);
  const two = '{"dailies":[{"userId":"a"},{"userId":"b"}],"epochs":[ ]}';
  expect(split(two).map(({ externalId, text }) => [externalId, text])).toEqual([
    ['a', '{"dailies":[{"userId":"a"}]}'],
    ['b', '{"dailies":[{"userId":"b"}]}'],
    [undefined, '{"epochs":[ ]}'],
  ]);
});

test('a ping asks for what lies behind the addresses of every list, also of one nobody has heard of', () => {
  const lists = ['epochs', 'moonlight', 'activityFiles', '"]},x'];
  const ping = Object.fromEntries(lists.map((list) => [list, [{ userId: 'a', callbackURL: list[0] }]]));
  expect(garmin.collect.readNotice(ping, 'ping')).toEqual([
    { kind: 'follow', type: 'epochs', url: 'e' },
    { kind: 'follow', type: 'moonlight', url: 'm' },
  ]);
});

test('an element with a callback address is a ping whatever list it stands in', () => {
  const text =
    '{"epochs":[{"userId":"a","callbackURL":"x"},{"userId":"a","steps":1}],"hrv":[{"userId":"a","callbackURL":"y"}]}';
  expect(split(text)).toEqual([
    {
      externalId: 'a',
      resource: 'ping',
      notice: true,
      text: '{"epochs":[{"userId":"a","callbackURL":"x"}],"hrv":[{"userId":"a","callbackURL":"y"}]}',
    },
    { externalId: 'a', resource: 'epochs', notice: false, text: '{"epochs":[{"userId":"a","steps":1}]}' },
  ]);
});

test('a list given twice hides nobody: the second does not replace the first', () => {
  const text = '{"dailies":[{"userId":"a","n":1}],"d\\u0061ilies":[{"userId":"b","n":2},{"userId":"a","n":3}]}';
  expect(split(text).map(({ externalId, text: cut }) => [externalId, cut])).toEqual([
    ['a', '{"dailies":[{"userId":"a","n":1},{"userId":"a","n":3}]}'],
    ['b', '{"d\\u0061ilies":[{"userId":"b","n":2}]}'],
  ]);
  expect(split('{"dailies":[{"userId":"a"}],"dailies":[]}')[0]?.text).toBe('{"dailies":[{"userId":"a"}]}');
});

test('values that are no lists never share a name in one part', () => {
  expect(split('{"mct":{"n":1},"mct":2,"mct":[{"n":3}]}').map(({ resource, text }) => [resource, text])).toEqual([
    ['mct', '{"mct":{"n":1}}'],
    ['mct', '{"mct":2}'],
    ['mct', '{"mct":[{"n":3}]}'],
  ]);
});

test.each([
  ['no userId', '{"n":1}'],
  ['an empty userId', '{"userId":""}'],
  ['a userId of white space', '{"userId":" "}'],
  ['null', '{"userId":null}'],
  ['a list as userId', '{"userId":["a"]}'],
  ['a number too large to be exact', '{"userId":9007199254740993}'],
  ['a fraction', '{"userId":1.5}'],
  ['half a surrogate pair', '{"userId":"\\ud800"}'],
  ['two people at once', '{"userId":"a","userId":"b"}'],
  ['a name inside another object', '{"summary":{"userId":"a"}}'],
  ['an element that is no object', '"userId"'],
])('an element with %s belongs to nobody', (_title, element) => {
  expect(owners(`{"dailies":[${element}]}`)).toEqual([[undefined, 'dailies']]);
});

test.each([
  ['{"userId":1234567}', '1234567'],
  ['{"userId":"1234567"}', '1234567'],
  ['{"user\\u0049d":"a"}', 'a'],
  ['{"userId":"a","userId":"a"}', 'a'],
  ['{"userId":"../../etc"}', '../../etc'],
])('the element %s belongs to %s', (element, id) => {
  expect(owners(`{"dailies":[${element}]}`)).toEqual([[id, 'dailies']]);
});

test.each([
  ['a list nobody knows', '{"solar":[{"userId":"a"}]}', ['a', 'solar']],
  ['a member that is no list', '{"dailies":{"userId":"a"}}', [undefined, 'dailies']],
  ['a bare list', '[{"userId":"a"}]', [undefined, 'other']],
  ['a bare word', '"hello"', [undefined, 'other']],
  ['an empty list', '{"dailies":[]}', [undefined, 'dailies']],
  ['an empty object', '{}', [undefined, 'ping']],
] as const)('%s is kept whole', (_title, text, owner) => {
  expect(split(text).map((part) => [part.externalId, part.resource, part.text])).toEqual([[...owner, text]]);
});

describe('any push', () => {
  // Every element carries a number of its own, so that it can be found again.
  const pushes = fc
    .array(
      fc.record({
        list: fc.constantFrom('dailies', 'epochs', 'sleeps', 'solar'),
        user: fc.constantFrom('a', 'b', 7, undefined),
        extra: fc.jsonValue({ maxDepth: 3 }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((elements) => {
      const lists: Record<string, object[]> = {};
      for (const [n, { list, user, extra }] of elements.entries())
        (lists[list] ??= []).push({ n, userId: user, extra });
      return lists;
    });

  test('lands element by element, unchanged, in exactly one part of its owner and type', () => {
    fc.assert(
      fc.property(pushes, fc.constantFrom(undefined, 1), (lists, indent) => {
        const text = JSON.stringify(lists, null, indent);
        const found: string[] = [];
        for (const { externalId, resource, text: cut } of split(text)) {
          const part: Record<string, { userId?: string | number }[]> = JSON.parse(cut);
          expect(Object.keys(part)).toEqual([resource]);
          for (const element of part[resource] ?? []) {
            expect(element.userId === undefined ? undefined : String(element.userId)).toBe(externalId);
            found.push(JSON.stringify([resource, element]));
          }
        }
        const pushed: typeof lists = JSON.parse(text);
        const sent = Object.entries(pushed).flatMap(([list, elements]) =>
          elements.map((element) => JSON.stringify([list, element])),
        );
        expect(found.toSorted()).toEqual(sent.toSorted());
      }),
    );
  });

  test('keeps every element’s own characters', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('1.50', '-0', '1E+2', '12345678901234567890', '"\\u00e9 "', '[ 1 ]')),
        (values) => {
          const elements = values.map((value, n) => `{ "userId" : "u${n % 3}" , "n":${n}, "v" : ${value} }`);
          const parts = split(`{"dailies":[${elements.join(' ,\n')}]}`);
          for (const [n, element] of elements.entries()) {
            const holders = parts.filter(({ text }) => text.includes(element));
            expect(holders.map(({ externalId }) => externalId)).toEqual([`u${n % 3}`]);
          }
        },
      ),
    );
  });
});

const read = (text: string, type?: string) =>
  garmin.import({ name: 'push.json', bytes: Buffer.from(text), ...(type === undefined ? {} : { type }) });

describe('import', () => {
  test('a saved push is split like a push, a byte-order mark before it is dropped', async () => {
    const text = fixture('garmin/spec-push-epochs.json');
    expect(await read(`\uFEFF${text}`)).toEqual({ ok: true, parts: split(text) });
  });

  test('a saved bare list is read when its type is named', async () => {
    const text = '[{"calendarDate":"2026-01-13","steps":5}]';
    expect(await read(text, 'garmin.dailies')).toEqual({
      ok: true,
      parts: [{ externalId: undefined, resource: 'dailies', text: `{"dailies":${text}}`, notice: false }],
    });
  });

  test('a file above what one object may hold goes on in pages, no element cut or lost', async () => {
    // 120 elements of a little over 100 kB are 12 MB: with 4.9 MB a page that is three parts.
    const elements = Array.from({ length: 120 }, (_, n) => `{"userId":"u","n":${n},"v":"${'x'.repeat(100_000)}"}`);
    const file = await read(`{"epochs":[${elements.join(',')}]}`);
    const parts = file.ok ? file.parts : [];
    expect(parts.map(({ text }) => text.length < 5_000_000)).toEqual([true, true, true]);
    expect(parts.flatMap(({ text }) => text.match(/"n":\d+/g) ?? [])).toEqual(elements.map((_, n) => `"n":${n}`));
  });

  test.each(['not json', '[]', '{}', '{"data":{"metrics":[]}}', '"dailies"'])(
    '%s is refused with a remedy',
    async (text) => {
      expect(await read(text)).toMatchObject({ ok: false, code: 'unknown_format' });
    },
  );
});

const verify = (headers: Record<string, string>, clientId?: string) =>
  garmin.webhook.verify(
    { body: new Uint8Array(), headers, key: undefined },
    clientId === undefined ? {} : { clientId },
  );

test('the client id is compared only when both sides have one', () => {
  expect(verify({ 'garmin-client-id': 'x' }, 'x')).toBe(true);
  expect(verify({ 'garmin-client-id': 'y' }, 'x')).toBe(false);
  expect(verify({}, 'x')).toBe(true);
  expect(verify({ 'garmin-client-id': 'y' })).toBe(true);
});
