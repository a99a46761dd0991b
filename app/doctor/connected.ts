import { findProvider } from '../../providers/index.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import type { Runtime } from '../runtime.ts';
import { type Connection, everyRecord } from '../tie.ts';

/** The providers somebody is connected to, by id; with `kind` only those connected in that way. */
export async function connectedProviders(
  { state }: Pick<Runtime, 'state'>,
  kind?: Connection['kind'],
): Promise<readonly Provider[]> {
  const tied = (await everyRecord(state)).filter(
    (connection) => connection.state !== 'disconnected' && (kind === undefined || connection.kind === kind),
  );
  const ids = [...new Set(tied.map(({ provider }) => provider))].toSorted();
  return ids.map(findProvider).filter((provider) => provider !== undefined);
}
