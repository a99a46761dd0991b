import { describe, expect, test, vi } from 'vitest';
import { answering, type Answer, openStand } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const page = (...ids: string[]) =>
  JSON.stringify({ data: ids.map((id) => ({ id, day: '2026-11-19' })), next_token: null });

async function ringOf(answer: Answer) {
  const stand = openStand();
  const asked = answering('ring.example', answer);
  const connection = await stand.connect('ring', { scopes: [] });
  const notice = (event_type: string, object_id: string) =>
    stand.notice('ring', connection.account, { event_type, data_type: 'sleep', object_id });
  const retractions = async () =>
    (await stand.facts())
      .filter((fact) => 'records' in fact)
      .map(({ effective_at, records }) => ({ effective_at, records }));
  return { ...stand, asked, connection, notice, retractions };
}

describe('a notice that names one thing', () => {
  test('is answered by the look-back when a page of it holds the thing', async () => {
    const { asked, notice, look } = await ringOf(() => [200, page('n-1', 'n-2')]);
    await notice('create', 'n-1');
    await notice('update', 'n-2');
    expect(await look()).toMatchObject({ finished: 2 });
    expect(asked.map(({ path }) => path)).toEqual(['/sleep?start_date=2026-11-14&end_date=2026-11-20']);
  });

  test('is located when it lies further back, and its day is fetched', async () => {
    const { asked, notice, look } = await ringOf(({ path }) => [
      200,
      path === '/sleep/old' ? '{"id":"old","day":"2026-03-01"}' : page('n-1'),
    ]);
    await notice('update', 'old');
    expect(await look()).toMatchObject({ finished: 1 });
    expect(asked.map(({ path }) => path).slice(1)).toEqual([
      '/sleep/old',
      '/sleep?start_date=2026-03-01&end_date=2026-03-01',
    ]);
  });

  test('and is not there any more is deleted as of the moment it was asked for', async () => {
    const { notice, look, retractions, connection, clock } = await ringOf(({ path }) =>
      path === '/sleep/gone' ? [404, '{}'] : [200, page()],
    );
    await notice('update', 'gone');
    expect(await look()).toMatchObject({ finished: 1 });
    const records = [{ account: connection.account, type: 'ring.sleep', id: 'gone' }];
    expect(await retractions()).toEqual([{ effective_at: clock.now(), records }]);
  });

  test('of which the answer says no day is done, and counted', async () => {
    const { notice, look, counters } = await ringOf(({ path }) => [
      200,
      path === '/sleep/old' ? '{"id":"old","day":"soon"}' : page(),
    ]);
    await notice('update', 'old');
    expect(await look()).toMatchObject({ finished: 1, left: 0 });
    expect(counters.read()['ring']).toMatchObject({ locate_unreadable: 1 });
  });

  test('waits while its stream rests, and is located afterwards', async () => {
    let allowed = false;
    const { asked, notice, look, clock } = await ringOf(({ path }) => {
      if (!allowed) return [403, '{}'];
      return [200, path === '/sleep/old' ? '{"id":"old","day":"2026-03-01"}' : page()];
    });
    await notice('update', 'old');
    expect(await look()).toMatchObject({ finished: 0, left: 1 });
    expect(await look()).toMatchObject({ finished: 0, left: 1 });
    expect(asked).toHaveLength(1);
    allowed = true;
    clock.advance(86_400_001);
    expect(await look()).toMatchObject({ finished: 1, left: 0 });
    expect(asked.map(({ path }) => path)).toContain('/sleep?start_date=2026-03-01&end_date=2026-03-01');
  });

  test('stays open while it cannot be located', async () => {
    const { notice, look, retractions } = await ringOf(({ path }) =>
      path === '/sleep/old' ? [500, ''] : [200, page()],
    );
    await notice('update', 'old');
    expect(await look()).toMatchObject({ finished: 0, left: 1 });
    expect(await retractions()).toEqual([]);
  });
});

test('a thing the provider deleted is taken back as of when it said so', async () => {
  const { asked, notice, look, retractions, connection, clock } = await ringOf(() => [200, page()]);
  const saidAt = clock.now();
  await notice('delete', 'n-1');
  clock.advance(60_000);
  expect(await look()).toMatchObject({ finished: 1 });
  const records = [{ account: connection.account, type: 'ring.sleep', id: 'n-1' }];
  expect(await retractions()).toEqual([{ effective_at: saidAt, records }]);
  expect(asked).toHaveLength(0);
});

async function watchOf(answer: Answer, kind: 'oauth' | 'link' = 'link') {
  const stand = openStand();
  const asked = answering('watch.example', answer);
  const connection = await stand.connect('watch', { kind, scopes: [] });
  const notice = (data: unknown, resource = 'ping') => stand.notice('watch', connection.account, data, resource);
  return { ...stand, asked, connection, notice };
}

describe('a notice with an address', () => {
  const URL = 'https://watch.example/rest/dailies?token=T0p-Secret';

  test('is followed, and its answer stored with the shape of a push', async () => {
    const { asked, notice, look, fetched, connection } = await watchOf(() => [200, '[{"steps":1.50}]']);
    await notice({ callbackURL: URL });
    expect(await look()).toMatchObject({ finished: 1 });
    expect(asked.map(({ path }) => path)).toEqual(['/rest/dailies?token=T0p-Secret']);
    const [stored] = await fetched();
    expect(stored?.attributes).toMatchObject({ type: 'watch.dailies', subject: connection.account });
    expect(stored?.data).toEqual({ dailies: [{ steps: 1.5 }] });
    expect(JSON.stringify(stored)).not.toContain('T0p-Secret');
  });

  test('the same address in two notices is followed once', async () => {
    const { asked, notice, look, clock } = await watchOf(() => [200, '[]']);
    await notice({ callbackURL: URL });
    clock.advance(5);
    await notice({ callbackURL: URL });
    expect(await look()).toMatchObject({ finished: 2 });
    expect(asked).toHaveLength(1);
  });

  test('that was taken before is finished, one that fails is asked again', async () => {
    let status = 500;
    const { notice, look, fetched } = await watchOf(() => [status, '[]']);
    await notice({ callbackURL: URL });
    expect(await look()).toMatchObject({ finished: 0, left: 1 });
    status = 410;
    expect(await look()).toMatchObject({ finished: 1 });
    expect(await fetched()).toEqual([]);
  });

  test.each(['https://elsewhere.example/rest/x', 'http://watch.example/rest/x', 'https://watch.example/other'])(
    '%s is refused at the gate, counted, and asked for by nobody',
    async (callbackURL) => {
      const { asked, notice, look, counters } = await watchOf(() => [200, '[]']);
      await notice({ callbackURL });
      expect(await look()).toMatchObject({ finished: 1 });
      expect(asked).toEqual([]);
      expect(counters.read()['watch']).toMatchObject({ callback_refused: 1 });
    },
  );

  test('permissions may come in any order: the newest by the provider holds', async () => {
    const { notice, look, connection, events, facts } = await watchOf(() => [200, '[]']);
    await notice({ permissions: ['A', 'B'], at: 200 }, 'userPermissionsChange');
    await look();
    await notice({ permissions: ['A'], at: 100 }, 'userPermissionsChange');
    await look();
    const last = (await facts()).filter((fact) => fact['connection_id'] === connection.connection_id).at(-1);
    expect(last).toMatchObject({ scopes: ['A', 'B'], state: 'active' });
    const changes = events.flatMap((event) => (event.detailType === 'Connection Changed' ? [event.detail.change] : []));
    expect(changes).toEqual(['scopes_changed']);
  });

  test('permissions that were said before the grant was given take nothing from it, later ones do', async () => {
    const { notice, look, connection, facts, runtime, clock } = await watchOf(() => [200, '[]'], 'oauth');
    // As `keep` notes it: providers count in whole seconds.
    const grantedAt = Math.floor(clock.now() / 1000) * 1000;
    await runtime.state.put('permissions', connection.connection_id, { atMs: grantedAt });
    const scopes = async () =>
      (await facts()).filter((fact) => fact['connection_id'] === connection.connection_id).at(-1)?.['scopes'];
    const before = await scopes();
    await notice({ permissions: ['A'], at: grantedAt - 1000 }, 'userPermissionsChange');
    expect(await look()).toMatchObject({ finished: 1 });
    expect(await scopes()).toEqual(before);
    await notice({ permissions: ['B'], at: grantedAt }, 'userPermissionsChange');
    await look();
    expect(await scopes()).toEqual(['B']);
  });

  test('a deregistration of a linked account follows the key it came with; its data stay', async () => {
    const { notice, look, state, connection, keys } = await watchOf(() => [200, '[]']);
    await notice({ callbackURL: URL });
    await look();
    await notice([], 'deregistrations');
    expect(await look()).toMatchObject({ finished: 1 });
    expect(await state(connection.connection_id)).toBe('deregistered');
    expect((await keys('raw/')).filter((key) => key.includes('dailies-'))).toHaveLength(1);
  });

  test('a forged deregistration leaves grant and connection as they are', async () => {
    const { notice, look, state, connection } = await watchOf(() => [200, '[]'], 'oauth');
    await notice([], 'deregistrations');
    expect(await look()).toMatchObject({ finished: 1 });
    expect(await state(connection.connection_id)).toBe('active');
  });
});
