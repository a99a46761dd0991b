import { accountOf } from '../../providers/kit/account.ts';
import { afterAll } from 'vitest';
import * as z from 'zod';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { fixture } from '../support/fixture.ts';
import { connectionFact, runModels, userFact, type Payload, type Tables } from '../support/transform.ts';

export { connectionFact, userFact, type Tables } from '../support/transform.ts';

/** Unix seconds of an ISO instant. */
export const at = (iso: string): number => Date.parse(iso) / 1000;

/** A push of Garmin summaries of one type. */
export function garmin(type: string, records: readonly object[], receivedAt: string, externalId = 'g'): Payload {
  return { provider: 'garmin', externalId, type, data: { [type]: records }, receivedAt };
}

/** Rows of one metric from Health Auto Export; `aggregation` as its header says it. */
export function apple(
  name: string,
  units: string,
  data: readonly object[],
  receivedAt: string,
  aggregation?: string,
): Payload {
  const attributes = aggregation === undefined ? {} : { aggregation };
  return {
    provider: 'apple',
    externalId: 'p',
    type: 'metrics',
    data: { data: { metrics: [{ name, units, data }] } },
    receivedAt,
    attributes,
  };
}

/** Rows of a MyFitnessPal export, as the import freezes them. */
export function diary(
  rows: readonly Readonly<Record<string, string>>[],
  receivedAt: string,
  covers?: { readonly from: string; readonly to: string },
): Payload {
  const data = covers === undefined ? { rows } : { ...covers, rows };
  const range = covers === undefined ? {} : { coversFrom: covers.from, coversTo: covers.to };
  return {
    provider: 'myfitnesspal',
    externalId: 'm',
    type: 'nutrition',
    data,
    receivedAt,
    receiver: 'import',
    deliveryId: `d${receivedAt}`,
    ...range,
  };
}

/** The person `u_a` in `zone` with an account at every provider built so far. */
export function person(
  zone = 'Europe/Paris',
  priority: Readonly<Record<string, readonly string[]>> = {},
): readonly Payload[] {
  return [
    userFact('u_a', { zone, priority }),
    connectionFact('u_a', 'garmin', 'g'),
    connectionFact('u_a', 'apple', 'p'),
    connectionFact('u_a', 'myfitnesspal', 'm'),
  ];
}

/** Each payload as a person of its own, `u_0`, `u_1`, …: many cases in one run. */
export function apart(payloads: readonly Payload[]): readonly Payload[] {
  return payloads.flatMap((payload, index) => {
    const externalId = `e${index}`;
    return [
      userFact(`u_${index}`),
      connectionFact(`u_${index}`, payload.provider, externalId),
      { ...payload, externalId },
    ];
  });
}

const opened: Tables[] = [];

/** Runs the models and closes them after the file's tests. */
export async function tables(payloads: readonly Payload[]): Promise<Tables> {
  const made = await runModels(payloads);
  opened.push(made);
  return made;
}

// Programs that compare engines take payloads from here too: with them no test ends.
if (process.env['VITEST'] !== undefined) {
  afterAll(() => {
    for (const made of opened.splice(0)) made.close();
  });
}

/** The values of one metric by local day. */
export async function daily(of: Tables, metric: string): Promise<Readonly<Record<string, unknown>>> {
  const rows = await of.query(
    `select cast(local_date as varchar) as day, value from daily_metrics where metric = '${metric}' order by day`,
  );
  return Object.fromEntries(rows.map((row) => [String(row['day']), row['value']]));
}

/** One day's row of a metric. */
export async function dayOf(of: Tables, metric: string, day: string): Promise<Row> {
  const [row] = await of.query(`select * from daily_metrics where metric = '${metric}' and local_date = date '${day}'`);
  return row ?? {};
}

/** The refusals, as `rule pointer`. */
export async function refused(of: Tables): Promise<readonly string[]> {
  const rows = await of.query('select rule, pointer from quarantine order by rule, pointer');
  return rows.map((row) => `${String(row['rule'])} ${String(row['pointer'])}`);
}

const pushed = z.record(z.string(), z.array(z.looseObject({ userId: z.string() })));

/** One person's records of one type of a recorded Garmin push. */
export function recorded(name: string, type: string, userId: string, receivedAt: string): Payload {
  const body = pushed.parse(JSON.parse(fixture(`garmin/${name}`)));
  return garmin(
    type,
    (body[type] ?? []).filter((record) => record.userId === userId),
    receivedAt,
    userId,
  );
}

let sequence = 900_000;

/** What `app/collect/retraction.ts` writes: at `effective` the provider had deleted these. */
export const retraction = (
  effective: string,
  ids: readonly (string | number)[],
  { type = 'garmin.activities', account = accountOf('garmin', 'g'), receivedAt = '2026-11-20T00:00:00Z' } = {},
): Payload => ({
  provider: 'wellspring',
  externalId: 'user:u_a',
  type: 'wellspring.retraction',
  receiver: 'self',
  receivedAt,
  data: {
    effective_at: Date.parse(effective),
    sequence: (sequence += 1),
    user_id: 'u_a',
    raw_keys: [],
    records: ids.map((id) => ({ account, type, id: String(id) })),
  },
});
