import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { openToyModels } from './toy-models.ts';

/** The value no table may be published with once one of `FAULTS` is in the models. */
export const ODD = 12;

const isOdd = `value = ${ODD}e0`;

/** What makes the toy models refuse whoever has a day of `ODD` and another one, and nobody else: by the code they are refused with. */
export const FAULTS: Readonly<Record<string, (toy: ReturnType<typeof openToyModels>) => void>> = {
  audit_failed: ({ models }) =>
    writeFileSync(
      join(models, 'audits', 'daily_metrics_not_negative.sql'),
      `select * from daily_metrics where ${isOdd}`,
    ),
  // A pivot has a column for each name there is: which columns there are goes with the rows.
  schema_mismatch({ edit }) {
    const [value, last] = ['  value: { type: double }\n', '  updated_at: { type: timestamp }\n'];
    edit('daily_metrics.yml', `${value}${last}`, `${last}${value}`);
    edit(
      'daily_metrics.sql',
      'select * from final',
      `pivot (select * exclude (value), value as n, if(${isOdd}, 'odd', 'value') as name from final) on name using sum(n)`,
    );
  },
  out_of_scope: ({ edit }) =>
    edit(
      'daily_metrics.sql',
      'select o.user_id,',
      `select case when max(o.value) = ${ODD}e0 then 'u_nobody' else o.user_id end as user_id,`,
    ),
};
