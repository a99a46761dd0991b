import { findProvider, providers } from '../providers/index.ts';
import type { Provider } from '../providers/kit/provider.ts';
import { WellspringError } from './errors.ts';

/** The provider with an id; throws `unknown_provider`, naming those there are. */
export function providerNamed(id: string): Provider {
  const provider = findProvider(id);
  if (provider !== undefined) return provider;
  throw new WellspringError({
    code: 'unknown_provider',
    message: `There is no provider "${id}".`,
    remedy: `Name one of: ${Object.keys(providers).join(', ')}.`,
    status: 404,
    exit: 2,
  });
}
