import { type ApiRequest, judgeByStatus, type Verdict } from '../../providers/kit/api.ts';
import { readJson } from '../../providers/kit/json.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import type { Secret } from '../../providers/kit/secret.ts';
import type { Runtime } from '../runtime.ts';

const MAX_BYTES = 1_000_000;

/** What became of one question, by the provider's own judgement. */
export type Asked =
  | { readonly kind: 'ok'; readonly json: unknown }
  | { readonly kind: Exclude<Verdict['kind'], 'ok'> }
  /** No answer, or none that can be read. */
  | { readonly kind: 'failed' };

/** Asks a provider something small, once; the JSON of an empty answer is null. */
export async function askOnce(
  runtime: Pick<Runtime, 'egress'>,
  provider: Provider,
  request: ApiRequest,
  bearer?: Secret,
): Promise<Asked> {
  const result = await runtime.egress.send(provider, request, { bearer, maxBytes: MAX_BYTES });
  if (!result.ok) return { kind: 'failed' };
  const { kind } = (provider.collect?.judge ?? judgeByStatus)(result.answer);
  if (kind !== 'ok') return { kind };
  if (result.answer.body.byteLength === 0) return { kind, json: null };
  const json = readJson(result.answer.body);
  return json.ok ? { kind, json: JSON.parse(json.text) } : { kind: 'failed' };
}

/** Asks as `askOnce` does; answers the JSON of an answer the provider counts as success, else undefined. */
export async function ask(...question: Parameters<typeof askOnce>): Promise<unknown> {
  const asked = await askOnce(...question);
  return asked.kind === 'ok' ? asked.json : undefined;
}
