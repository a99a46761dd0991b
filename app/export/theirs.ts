import { accountOf } from '../../providers/kit/account.ts';
import { theirObjects } from '../forget/objects.ts';
import type { Runtime } from '../runtime.ts';
import { everyRecord } from '../tie.ts';

/** Keys of everything kept as objects of one person: raw objects and imported files, in that order. */
export async function survey(
  runtime: Pick<Runtime, 'objects' | 'state' | 'warehouse'>,
  userId: string,
): Promise<readonly string[]> {
  const records = await everyRecord(runtime.state);
  const connections = records
    .filter((one) => one.user_id === userId)
    .map((one) => {
      return { ...one, shared: records.some((other) => other.account === one.account && other.user_id !== userId) };
    });
  const own = accountOf('wellspring', `user:${userId}`);
  const accounts = [own, ...connections.filter(({ shared }) => !shared).map(({ account }) => account)];
  // What names nobody and only holds one of their ids may be about others, too: it is not given away.
  const about = { name: '', email: null, connections: connections.filter(({ shared }) => shared) };
  const { raw, uploads } = await theirObjects(runtime, { user_id: userId, accounts, about });
  return [...raw.filter((key) => !key.includes('/a_unknown/')), ...uploads];
}
