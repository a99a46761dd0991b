import type { ApiRequest } from '../../providers/kit/api.ts';
import type { Subscribe, Subscription, SubscriptionDoor } from '../../providers/kit/subscribe.ts';
import { webhookUrl } from '../urls.ts';
import { type Answered, ask } from './ask.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import type { Source } from './source.ts';

/** Our side of a subscription; undefined where notices cannot reach us. */
export function doorOf(runtime: CollectRuntime, { provider }: Source): SubscriptionDoor | undefined {
  const callbackUrl = webhookUrl(runtime, provider);
  const settings = runtime.settings(provider.id);
  // A provider reaches https only; a simulated one is on this machine.
  if (callbackUrl === null || (!callbackUrl.startsWith('https://') && settings.baseUrl === undefined)) return undefined;
  return { callbackUrl, verificationToken: runtime.keyring.issue(provider.id, 'verification', 'v1'), settings };
}

/** One call about subscriptions: with the account's token, or with what the app's own request carries. */
export async function call(
  runtime: CollectRuntime,
  source: Source,
  { per }: Subscribe,
  request: ApiRequest,
  patience: Patience,
): Promise<Answered> {
  const { connection, provider } = source;
  const asApp: Source = { ...source, connection: { ...connection, kind: 'link', account: provider.id } };
  const asked = per === 'app' ? asApp : source;
  return ask(runtime, asked, (bearer) => runtime.egress.send(provider, request, { bearer }), patience);
}

/** The subscriptions there are; the provider's file reads a shape that may have changed. */
export async function list(
  runtime: CollectRuntime,
  source: Source,
  { subscribe, door }: { readonly subscribe: Subscribe; readonly door: SubscriptionDoor },
  patience: Patience,
): Promise<
  { readonly ok: true; readonly there: readonly Subscription[] } | { readonly ok: false; readonly detail: string }
> {
  const listed = await call(runtime, source, subscribe, subscribe.list(door), patience);
  if (!listed.ok) return { ok: false, detail: detailOf(listed) };
  try {
    return { ok: true, there: subscribe.readList(listed.json) };
  } catch {
    return { ok: false, detail: 'The list of subscriptions has another shape than documented.' };
  }
}

export function detailOf(failed: Extract<Answered, { ok: false }>): string {
  return failed.kind === 'ended' ? 'It has to be connected again first.' : failed.detail;
}
