import { expect, test, vi } from 'vitest';
import { collect } from '../../../app/collect.ts';
import { listConnections } from '../../../app/connections.ts';
import { answering, openStand, tokensOf } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const DAY_MS = 86_400_000;

test('a scope whose every stream is refused is gone, as a fact, and back once it is answered again', async () => {
  const stand = openStand();
  let allowed = true;
  const asked = answering('scale.example', ({ path }) =>
    path === '/nights' && !allowed ? [200, '{"status":401}'] : [200, '{"status":0}'],
  );
  await stand.connect('scale');
  const shown = async () => {
    const [one] = await listConnections(stand.runtime);
    return { state: one?.state, cause: one?.cause, scopes: one?.scopes.toSorted() };
  };
  expect(await shown()).toEqual({ state: 'active', cause: null, scopes: ['body', 'sleep'] });
  allowed = false;
  // With a token just renewed it is not the token.
  stand.refreshGives({ ok: true, tokens: tokensOf(stand.clock.now(), 'access-2') });
  await collect(stand.runtime, { provider: 'scale' });
  expect(await shown()).toEqual({ state: 'active', cause: 'scope_missing', scopes: ['body'] });
  expect((await stand.facts()).at(-1)).toMatchObject({ cause: 'scope_missing', scopes: ['body'] });
  const before = asked.filter(({ path }) => path === '/nights').length;
  await collect(stand.runtime, { provider: 'scale' });
  expect(asked.filter(({ path }) => path === '/nights')).toHaveLength(before);
  allowed = true;
  stand.clock.advance(DAY_MS + 1000);
  stand.refreshGives({ ok: true, tokens: tokensOf(stand.clock.now(), 'access-3') });
  await collect(stand.runtime, { provider: 'scale' });
  expect(await shown()).toEqual({ state: 'active', cause: null, scopes: ['body', 'sleep'] });
});
