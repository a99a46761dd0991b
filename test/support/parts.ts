import type { Provider } from '../../providers/kit/provider.ts';

/** The first part of each type that deliveries are cut into: `{dailies: '{"dailies":[…]}'}`. */
export function partsByType(provider: Provider, deliveries: readonly string[]): Readonly<Record<string, string>> {
  const parts = deliveries.flatMap((text) => provider.webhook?.split(text, 'me') ?? []);
  return Object.fromEntries(parts.toReversed().map(({ resource, text }) => [resource, text]));
}
