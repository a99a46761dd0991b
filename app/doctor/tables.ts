import type { NamedQuery } from '../../ports/warehouse/warehouse.ts';
import type { Runtime } from '../runtime.ts';
import { sourceName } from '../source-name.ts';
import { UNCLAIMED_DAYS } from '../unclaimed.ts';
import type { Check } from './check.ts';

type Reading = Pick<Runtime, 'warehouse'>;

/** More of a batch than this in quarantine is hardly the data's fault. */
const LARGEST_SHARE = 0.05;

const LAST_BATCH: NamedQuery = {
  name: 'doctor_last_batch',
  sql: 'select n_observations, n_quarantined from batches order by started_at desc, batch_id desc limit 1',
};
const UNCLAIMED: NamedQuery = {
  name: 'doctor_unclaimed',
  sql: `select provider, count(distinct account) as accounts, count(*) as objects from raw_objects
    where state = 'unclaimed' group by provider order by provider`,
};

/** How much of what the last batch read was refused. */
export const quarantine: Check<Reading> = {
  id: 'quarantine',
  required: false,
  async run({ warehouse }) {
    const [row] = await warehouse.run(LAST_BATCH);
    if (row === undefined) return [];
    const [refused, read] = [Number(row['n_quarantined']), Number(row['n_observations'])];
    const share = refused / Math.max(1, refused + read);
    const detail = `The last batch refused ${refused} of ${refused + read} values.`;
    if (share <= LARGEST_SHARE) return [{ ok: true, detail }];
    return [{ ok: false, detail, remedy: 'wellspring quarantine list shows each with its reason.' }];
  },
};

/** Accounts that send and that nobody has connected. */
export const unclaimed: Check<Pick<Runtime, 'warehouse' | 'unclaimedDays'>> = {
  id: 'unclaimed',
  required: false,
  async run({ warehouse, unclaimedDays = UNCLAIMED_DAYS }) {
    const rows = await warehouse.run(UNCLAIMED);
    return rows.map(({ provider, accounts, objects }) => ({
      ok: false,
      of: String(provider),
      detail: `${String(accounts)} accounts of ${sourceName(String(provider))} nobody has connected: ${String(objects)} objects wait, each for ${unclaimedDays} days, and are deleted then.`,
      remedy: `wellspring link ${String(provider)} --user <name> --external-id <id> takes them in.`,
    }));
  },
};
