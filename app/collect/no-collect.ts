import type { Provider } from '../../providers/kit/provider.ts';
import { WellspringError } from '../errors.ts';

/** `no_collect`: a provider that is not asked; the remedy names the doors it has instead. */
export function noCollect({ id, name, collect, webhook, import: reader }: Provider): WellspringError {
  const doors = [
    ...(webhook === undefined ? [] : [`wellspring urls ${id} shows the address it sends to`]),
    ...(collect?.requestBackfill === undefined
      ? []
      : [`wellspring backfill ${id} --user <name> --from <day> --to <day> asks it to send past days again`]),
    ...(reader === undefined ? [] : [`wellspring import ${id} <file> --user <name> takes its files`]),
  ];
  return new WellspringError({
    code: 'no_collect',
    message: `${name} offers nothing to fetch: what it has, it sends by itself or is imported.`,
    ...(doors.length > 0 && { remedy: `${doors.join('; ')}.` }),
    status: 400,
    exit: 2,
  });
}
