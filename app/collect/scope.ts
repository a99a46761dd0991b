import type { Stream } from '../../providers/kit/collect.ts';
import { setCondition } from '../condition.ts';
import { marksOf } from './mark.ts';
import type { CollectRuntime } from './runtime.ts';
import { type Lost, LOST, refreshed, type Source } from './source.ts';

/**
 * Takes a scope for gone, as a fact, once the provider has refused every stream it opens: one closed door may be a matter of the device,
 * all of them are a matter of consent. It is asked for once a day all the same, until it is back.
 */
export async function loseScope(runtime: CollectRuntime, source: Source, { scope }: Stream): Promise<void> {
  const current = await refreshed(runtime, source);
  if (scope === undefined || current?.connection.state !== 'active') return;
  const { connection_id: id, scopes } = current.connection;
  const marks = await marksOf(runtime, id);
  const refused = new Set(marks.filter(({ cause }) => cause === 'not_allowed').map(({ type }) => type));
  const opened = source.provider.collect.streams.filter((stream) => stream.scope === scope);
  if (!scopes.includes(scope) || !opened.every(({ type }) => refused.has(type))) return;
  const lost = (await runtime.state.get<Lost>(LOST, id))?.value.scopes ?? [];
  await runtime.state.put(LOST, id, { scopes: [...lost.filter((one) => one !== scope), scope] } satisfies Lost);
  const left = scopes.filter((one) => one !== scope);
  await setCondition(runtime, id, { state: 'active', cause: 'scope_missing', scopes: left });
}

/** Takes a scope for granted again once something it opens was answered. */
export async function regainScope(runtime: CollectRuntime, source: Source, { scope }: Stream): Promise<void> {
  if (scope === undefined || source.connection.scopes.includes(scope)) return;
  const current = await refreshed(runtime, source);
  if (current?.connection.state !== 'active' || current.connection.scopes.includes(scope)) return;
  const { connection_id: id, scopes } = current.connection;
  const lost = ((await runtime.state.get<Lost>(LOST, id))?.value.scopes ?? []).filter((one) => one !== scope);
  await runtime.state.put(LOST, id, { scopes: lost } satisfies Lost);
  const cause = lost.length === 0 ? null : current.connection.cause;
  await setCondition(runtime, id, { state: 'active', cause, scopes: [...scopes, scope] });
}
