import { describe, expect, test } from 'vitest';
import { accountOf } from '../../providers/kit/account.ts';
import { garmin } from '../../providers/garmin.ts';
import { receive } from '../../app/receive.ts';
import { openDoor } from '../support/door.ts';
import { fixture } from '../support/fixture.ts';

const ALICE = 'd3315b1072421d0dd7c8f6b8e1de4df8';

describe('what is stored', () => {
  test('a push of two people becomes an object for each, with the delivery, the key used and the receive time', async () => {
    const door = openDoor();
    expect((await door.garmin(fixture('garmin/spec-push-dailies-two-users.json'))).status).toBe(200);
    const [first, second] = (await door.envelopes()).map(({ attributes }) => attributes);
    const shared = {
      specversion: '1.0',
      source: 'wellspring/garmin',
      type: 'garmin.dailies',
      time: '2026-11-20T07:00:00.123Z',
      receiver: 'push',
      keyid: 'k1',
    };
    // accountOf's known answers, in the order of the keys: a_qcx… before a_vkt….
    expect(first).toMatchObject({ ...shared, subject: 'a_qcxujc7ldcmwrtvs' });
    expect(second).toMatchObject({ ...shared, subject: 'a_vkti4x2un3bcus57' });
    expect(String(first?.['id'])).toMatch(/^d_[a-z2-7]{20}\/1$/);
    expect(second?.['id']).toBe(String(first?.['id']).replace('/1', '/2'));
  });

  test('a body of one person and one type is kept byte for byte', async () => {
    const door = openDoor();
    const text = fixture('garmin/spec-push-stressDetails.json');
    await door.garmin(text);
    expect((await door.envelopes()).map(({ data }) => data)).toEqual([text]);
  });

  test('a person’s app keeps its aggregation and its token’s id, and never the token', async () => {
    const door = openDoor();
    await door.apple(fixture('apple/hae-metrics-kj-multiday.json'), {
      'automation-aggregation': 'Day',
      'x-api-key': 'another secret',
    });
    const [envelope] = await door.envelopes();
    expect(envelope?.attributes).toMatchObject({
      subject: 'a_x4ifdx3qanu2bshh',
      type: 'apple.metrics',
      keyid: 'mz3k7q2v5cbx4dvf',
      aggregation: 'Day',
    });
    expect(JSON.stringify(envelope)).not.toMatch(/3rabmi25x5afembnryvtuki2odyg3hhz|another secret/);
  });

  test('pings and control messages are notices, kept apart each time they come', async () => {
    const door = openDoor();
    for (const name of ['spec-deregistrations', 'spec-userPermissionsChange', 'spec-ping-epochs-and-activityFiles']) {
      await door.garmin(fixture(`garmin/${name}.json`));
    }
    door.clock.advance(1);
    await door.garmin(fixture('garmin/spec-deregistrations.json'));
    expect(door.events.map(({ detailType }) => detailType)).toEqual(Array.from({ length: 4 }, () => 'Notice Stored'));
    const times = (await door.keys()).map((key) => /\/([a-zA-Z]+)-[0-9a-f]{64}\.(\d+)\.json$/.exec(key)?.slice(1));
    expect(times).toEqual([
      ['deregistrations', '1795158000123'],
      ['deregistrations', '1795158000124'],
      ['userPermissionsChange', '1795158000123'],
      ['ping', '1795158000123'],
    ]);
  });

  test('strange names in a body make tame keys', async () => {
    const door = openDoor();
    const body = { '../../../etc': [{ userId: '../..' }], 'a\u0000b': [{ userId: '__proto__' }], ['x'.repeat(65)]: 1 };
    expect((await door.garmin(JSON.stringify(body))).status).toBe(200);
    const keys = await door.keys();
    expect(keys).toHaveLength(3);
    for (const key of keys)
      expect(key).toMatch(/^raw\/2026-11-20\/garmin\/a_[a-z2-7]+\/other-[0-9a-f]{64}\.json$|a_unknown\/other-/);
  });

  test('an element that names nobody waits in a_unknown, its neighbours do not', async () => {
    const door = openDoor();
    await door.garmin(`{"dailies":[{"steps":1},{"userId":"${ALICE}","steps":2}]}`);
    expect((await door.envelopes()).map(({ attributes, data }) => [attributes['subject'], data])).toEqual([
      ['a_qcxujc7ldcmwrtvs', `{"dailies":[{"userId":"${ALICE}","steps":2}]}`],
      ['a_unknown', '{"dailies":[{"steps":1}]}'],
    ]);
  });

  test('a body without a value is acknowledged and kept', async () => {
    const door = openDoor();
    for (const body of ['{}', '{"dailies":[]}']) expect((await door.garmin(body)).status).toBe(200);
    expect((await door.apple('{}')).status).toBe(200);
    const kept = (await door.envelopes()).map(({ attributes, data }) => [
      attributes['type'],
      attributes['subject'],
      data,
    ]);
    expect(kept).toEqual([
      ['apple.metrics', 'a_x4ifdx3qanu2bshh', '{}'],
      ['garmin.dailies', 'a_unknown', '{"dailies":[]}'],
      ['garmin.ping', 'a_unknown', '{}'],
    ]);
  });
});

describe('again', () => {
  test('the same delivery is one object, acknowledged again, its event published again', async () => {
    const door = openDoor();
    const text = fixture('garmin/spec-push-stressDetails.json');
    const first = await (await door.garmin(text)).json();
    const second = await (await door.garmin(text)).json();
    expect([first, second]).toEqual([
      { stored: 1, duplicates: 0 },
      { stored: 0, duplicates: 1 },
    ]);
    expect(await door.keys()).toHaveLength(1);
    expect(door.events).toHaveLength(2);
    expect(door.events[1]).toEqual(door.events[0]);
  });

  test('32 identical deliveries at the same time are one object and 32 acknowledgements', async () => {
    const door = openDoor();
    const text = fixture('garmin/spec-push-sleeps.json');
    const answers = await Promise.all(Array.from({ length: 32 }, () => door.garmin(text)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 32 }, () => 200));
    // Two people slept.
    expect(await door.keys()).toHaveLength(2);
  });
});

test('what a forgotten person’s devices send is acknowledged and not kept', async () => {
  const forgotten = new Set([accountOf('garmin', ALICE), accountOf('apple', 'mz3k7q2v5cbx4dvf')]);
  const door = openDoor({ isForgotten: (account) => forgotten.has(account) });
  const answer = await door.garmin(fixture('garmin/spec-push-dailies-two-users.json'));
  expect(await answer.json()).toEqual({ stored: 1, duplicates: 0 });
  expect((await door.apple(fixture('apple/hae-workouts-v1.json'))).status).toBe(200);
  expect((await door.apple('no JSON')).status).toBe(200);
  const keys = await door.keys();
  expect(keys).toHaveLength(1);
  expect(keys[0]).toContain('a_vkti4x2un3bcus57');
  expect(door.events).toHaveLength(1);
});

test('receive verifies by itself, whoever calls it', async () => {
  const { runtime, keys } = openDoor();
  const delivery = { body: Buffer.from('{}'), headers: {}, key: 'k1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' };
  expect(await receive(runtime, garmin, delivery)).toEqual({ outcome: 'not_verified' });
  expect(await receive(runtime, garmin, { ...delivery, key: undefined })).toEqual({ outcome: 'not_verified' });
  expect(await keys()).toEqual([]);
});
