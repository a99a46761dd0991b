import { providers } from '../../providers/index.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { WellspringError } from '../errors.ts';

/** Refuses a metric that no stream holds, of the provider or of any; throws `unknown_metric`, naming those there are. */
export function checkMetric(metric: string, provider: Provider | undefined): void {
  const asked: readonly Provider[] = provider === undefined ? Object.values(providers) : [provider];
  const held = new Set(asked.flatMap(({ collect }) => collect?.streams.flatMap(({ metrics }) => metrics) ?? []));
  if (held.has(metric)) return;
  throw new WellspringError({
    code: 'unknown_metric',
    message: `${provider?.name ?? 'No provider'} ${provider === undefined ? 'gives a' : 'gives no'} metric "${metric}".`,
    remedy: `Name one of: ${[...held].toSorted().join(', ')}.`,
    status: 400,
    exit: 2,
  });
}
