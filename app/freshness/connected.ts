import type { NamedQuery } from '../../ports/warehouse/warehouse.ts';
import { numberOf, textOf } from '../cells.ts';
import type { Runtime } from '../runtime.ts';

const CONNECTED: NamedQuery = {
  name: 'connected_since',
  sql: 'select account, connected_ms from connection_states where user_id = $user_id',
};

/** Since when (Unix ms) each account of a person is connected without an end between; one that is not connected is not there. */
export async function readConnected(
  { warehouse }: Pick<Runtime, 'warehouse'>,
  userId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await warehouse.run(CONNECTED, { user_id: userId });
  return new Map(
    rows.flatMap((row) => {
      const since = numberOf(row['connected_ms']);
      return since === null ? [] : [[textOf(row['account']), since] as const];
    }),
  );
}
