import type { Provider } from '../../providers/kit/provider.ts';
import { WellspringError } from '../errors.ts';

/** What whoever wants to import is told of a provider that has no files. */
export function noImport({ name }: Pick<Provider, 'name'>): WellspringError {
  return new WellspringError({ code: 'no_import', message: `${name} has no files to import.`, status: 400, exit: 2 });
}
