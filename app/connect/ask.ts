import { type ApiRequest, judgeByStatus } from '../../providers/kit/api.ts';
import { readJson } from '../../providers/kit/json.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import type { Secret } from '../../providers/kit/secret.ts';
import type { Runtime } from '../runtime.ts';

const MAX_BYTES = 1_000_000;

/** Asks a provider something small; answers the JSON of an answer it counts as success, null for an empty one, else undefined. */
export async function ask(
  runtime: Pick<Runtime, 'egress'>,
  provider: Provider,
  request: ApiRequest,
  bearer?: Secret,
): Promise<unknown> {
  const result = await runtime.egress.send(provider, request, { bearer, maxBytes: MAX_BYTES });
  if (!result.ok) return undefined;
  const judge = provider.collect?.judge ?? judgeByStatus;
  if (judge(result.answer).kind !== 'ok') return undefined;
  if (result.answer.body.byteLength === 0) return null;
  const json = readJson(result.answer.body);
  return json.ok ? JSON.parse(json.text) : undefined;
}
