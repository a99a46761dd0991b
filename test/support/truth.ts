import { openRuntime, type LocalRuntime } from '../../local/runtime.ts';
import type { Truth } from '../../local/sandbox/truth.ts';

const keyOf = (one: Pick<Truth, 'user' | 'local_date' | 'metric'>): string =>
  `${one.user} ${one.local_date} ${one.metric}`;

/** The published values, by person, day and metric; `users` are the ids of the people in order. */
export async function published(runtime: LocalRuntime, users: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await runtime.console.query('select user_id, local_date, metric, value from daily_metrics');
  const index = new Map(users.map((id, at) => [id, at]));
  return new Map(
    rows.map((row) => [
      `${index.get(String(row['user_id'])) ?? 'somebody else'} ${String(row['local_date'])} ${String(row['metric'])}`,
      Number(row['value']),
    ]),
  );
}

/** What differs, in words: nothing when every truth is published and nothing else is. */
export function differences(truth: readonly Truth[], values: ReadonlyMap<string, number>): string[] {
  const wrong = truth.flatMap((one) => {
    const value = values.get(keyOf(one));
    if (value === undefined) return [`${keyOf(one)}: ${one.value} is missing`];
    const allowed = one.tolerance * Math.max(1, Math.abs(one.value));
    return Math.abs(value - one.value) <= allowed ? [] : [`${keyOf(one)}: ${value}, and was ${one.value}`];
  });
  const told = new Set(truth.map(keyOf));
  const invented = [...values.keys()].filter((key) => !told.has(key));
  return [...wrong, ...invented.map((key) => `${key}: ${values.get(key)} was never so`)];
}

/** What a demo made in `dataDir` that is not so, in words; its people were added in their order. */
export async function untrue(dataDir: string, truth: readonly Truth[]): Promise<string[]> {
  const runtime = await openRuntime({ dataDir });
  try {
    const people = await runtime.state.list<{ readonly name: string; readonly user_id: string }>('user');
    const names = people
      .map(({ value, id }) => ({ name: value.name, id }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return differences(
      truth,
      await published(
        runtime,
        names.map(({ id }) => id),
      ),
    );
  } finally {
    await runtime.close();
  }
}
