import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createFsObjects } from '../../ports/objects/fs.ts';
import { createMemoryObjects } from '../../ports/objects/memory.ts';
import { openDoor } from '../support/door.ts';
import { fixture } from '../support/fixture.ts';

const PUSH = fixture('garmin/spec-push-stressDetails.json');
const WRONG = 'k1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const sha = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const filled = (bytes: number): string => `{"dailies":[]${' '.repeat(bytes - 14)}}`;

const full = () => Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
const silent = () => new Promise<never>(() => {});

describe('who is let in', () => {
  test('whatever fails, the answer is the same, and no file is written', async () => {
    const root = await mkdtemp(join(tmpdir(), 'wellspring-'));
    try {
      const door = openDoor({
        objects: createFsObjects({ root }),
        settings: () => ({ clientId: 'ours' }),
      });
      const bearer = (token: string) => door.post('/webhooks/apple', PUSH, { authorization: token });
      const answers = await Promise.all([
        door.post('/webhooks/garmin', PUSH),
        door.post('/webhooks/garmin/k1', PUSH),
        door.post(`/webhooks/garmin/${WRONG}`, PUSH),
        door.post(door.garminPath.replace('k1.', 'k2.'), PUSH),
        door.garmin(PUSH, { 'garmin-client-id': 'theirs' }),
        door.post('/webhooks/garmin', PUSH, { authorization: `Bearer ${door.garminPath.split('/').at(-1)}` }),
        door.post('/webhooks/apple', PUSH),
        bearer(`Bearer ${WRONG}`),
        bearer('Bearer '),
        bearer('Basic YTpi'),
        bearer(door.garminPath.split('/').at(-1) ?? ''),
        door.post(`/webhooks/garmin/${WRONG}`, 'no JSON'),
        door.post(`/webhooks/garmin/${WRONG}`, gzipSync(Buffer.alloc(20_000_000)), { 'content-encoding': 'gzip' }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
      expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
      expect(await readdir(root, { recursive: true })).toEqual([]);
      expect(door.events).toEqual([]);
    } finally {
      await rm(root, { recursive: true });
    }
  });

  test('each reason is counted, and only inside', async () => {
    const door = openDoor();
    await door.post('/webhooks/garmin', PUSH);
    await door.post(`/webhooks/garmin/${WRONG}`, PUSH);
    await door.garmin(PUSH);
    await door.garmin(PUSH);
    expect(door.counters.read()).toEqual({ garmin: { key_missing: 1, key_mismatch: 1, stored: 2 } });
  });

  test('Garmin’s header may be missing, may match, and is not looked at when nothing is configured', async () => {
    const strict = openDoor({ settings: () => ({ clientId: 'ours' }) });
    expect((await strict.garmin(PUSH)).status).toBe(200);
    expect((await strict.garmin(PUSH, { 'garmin-client-id': 'ours' })).status).toBe(200);
    expect((await openDoor().garmin(PUSH, { 'garmin-client-id': 'theirs' })).status).toBe(200);
  });

  test('the word Bearer may be written in any case', async () => {
    const door = openDoor();
    const token = door.runtime.keyring.issue('apple', 'token', 'mz3k7q2v5cbx4dvf');
    expect((await door.post('/webhooks/apple', '{}', { authorization: `bearer ${token}` })).status).toBe(200);
  });

  test('a body that nobody vouches for is not read', async () => {
    let pulled = 0;
    const body = new ReadableStream({ pull: () => void (pulled += 1) }, { highWaterMark: 0 });
    const answer = await openDoor().app.request(`/webhooks/garmin/${WRONG}`, { method: 'POST', body, duplex: 'half' });
    expect(answer.status).toBe(401);
    expect(pulled).toBe(0);
  });
});

describe('addresses', () => {
  test.each([
    '/webhooks/nobody',
    '/webhooks/wellspring/x',
    '/webhooks/myfitnesspal',
    '/webhooks/__proto__',
    '/webhooks/constructor/x',
    '/webhooks/GARMIN',
    '/webhooks/',
    '/webhooks',
    '/webhooks/garmin/',
    '/webhooks/garmin/..%2f..%2fetc',
    '/webhooks/garmin/%2e%2e',
    '/webhooks/garmin/k1%00',
    '/webhooks/garmin/k1%5c..',
    '/webhooks/garmin/%E0%A4%A',
    '/webhooks/garmin/a/b',
    '/webhooks/..%2fgarmin',
    '/webhooks/garmin%2f..',
    '/webhooks/apple/some-key',
    '/elsewhere',
  ])('%s is nowhere', async (path) => {
    const door = openDoor();
    const answer = await door.post(path, PUSH);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 404, code: 'not_found' });
    expect(await door.keys()).toEqual([]);
  });

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s finds a door that takes POST only', async (method) => {
    const door = openDoor();
    const answer = await door.app.request(door.garminPath, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await door.app.request('/webhooks/nobody/x', { method })).status).toBe(404);
  });

  test('health says that it runs, and which version', async () => {
    expect(await (await openDoor().app.request('/healthz')).json()).toEqual({ status: 'ok', version: '0.0.0' });
  });
});

describe('bodies', () => {
  test('a door takes its limit and not a byte more, whatever the length header says', async () => {
    const door = openDoor();
    expect((await door.garmin(filled(10_000_000), { 'content-length': '99999999' })).status).toBe(200);
    const answer = await door.garmin(filled(10_000_001), { 'content-length': '2' });
    expect([answer.status, await answer.json()]).toMatchObject([413, { code: 'too_large' }]);
    expect((await door.apple(filled(10_000_001))).status).toBe(200);
    expect((await door.keys()).filter((key) => key.startsWith('refused/'))).toEqual([]);
  });

  test('a phone is told how to send less', async () => {
    const answer = await openDoor().apple(filled(32_000_001));
    expect([answer.status, await answer.json()]).toMatchObject([
      413,
      { remedy: expect.stringContaining('Batch Requests') },
    ]);
  });

  test('a body in chunks without an end is given up at the limit', async () => {
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1_000_000;
        controller.enqueue(new Uint8Array(1_000_000));
      },
    });
    const door = openDoor();
    const answer = await door.app.request(door.garminPath, { method: 'POST', body, duplex: 'half' });
    expect(answer.status).toBe(413);
    // The limit, the chunk that crosses it, and one the stream holds ready.
    expect(pulled).toBeLessThanOrEqual(12_000_000);
  });

  test('a compressed body is read, a bomb is too large, a cut one is kept, an unknown coding is refused', async () => {
    const door = openDoor();
    const send = (bytes: Uint8Array<ArrayBuffer>, coding: string) => door.garmin(bytes, { 'content-encoding': coding });
    const cut = gzipSync(PUSH).subarray(0, -8);
    expect((await send(gzipSync(PUSH), 'gzip')).status).toBe(200);
    expect((await send(gzipSync(Buffer.alloc(20_000_000, ' ')), 'gzip')).status).toBe(413);
    expect((await send(cut, 'gzip')).status).toBe(400);
    expect((await send(gzipSync(gzipSync(PUSH)), 'gzip, gzip')).status).toBe(415);
    expect((await send(Buffer.from(PUSH), 'zstd')).status).toBe(415);
    expect((await door.envelopes()).map(({ data }) => data)).toEqual([PUSH]);
    const refused = `refused/2026-11-20/garmin/${sha(cut)}`;
    expect(cut.equals((await door.runtime.objects.get(refused)) ?? Buffer.alloc(0))).toBe(true);
    expect(door.counters.read()).toEqual({ garmin: { stored: 1, too_large: 1, corrupt: 1, unknown_encoding: 2 } });
  });

  test.each([
    ['text that is no JSON', Buffer.from('{"dailies":[')],
    ['nothing', Buffer.from('')],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['65 levels', Buffer.from(`{"a":${'['.repeat(64)}${']'.repeat(64)}}`)],
  ])('%s is answered 400, and kept where the transform does not read', async (_title, bytes) => {
    const door = openDoor();
    const answer = await door.garmin(bytes);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'unreadable' }]);
    expect(await door.keys()).toEqual([`refused/2026-11-20/garmin/${sha(bytes)}`]);
    expect(door.events).toEqual([]);
  });

  test('64 levels are read', async () => {
    expect((await openDoor().garmin(`{"a":${'['.repeat(63)}${']'.repeat(63)}}`)).status).toBe(200);
  });
});

describe('storage', () => {
  test.each([
    ['is full', full],
    ['stays silent for 1.2 seconds', silent],
  ])('that %s means 503 and a time to come back, for good and for unreadable bodies', async (_title, putIfAbsent) => {
    for (const body of [PUSH, 'no JSON']) {
      const door = openDoor({ objects: { ...createMemoryObjects(), putIfAbsent } });
      const answering = door.garmin(body);
      // Real time passes only until the request has reached storage and fallen asleep.
      const ticking = setInterval(() => door.clock.advance(100), 1);
      const answer = await answering;
      clearInterval(ticking);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.text()).not.toContain('ENOSPC');
      expect(door.events).toEqual([]);
    }
  });

  test('an error nobody foresaw is 500 without a word of what was inside', async () => {
    const door = openDoor({
      isForgotten: () => {
        throw new Error('steps 4210');
      },
    });
    const answer = await door.garmin(PUSH);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('4210');
  });
});
