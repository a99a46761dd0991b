import type { ColumnType, TableShape } from '../../iceberg/iceberg.ts';
import { storedModels, type Catalog } from '../duckdb/catalog.ts';

/** A stored table and the columns that tell its rows apart. */
export interface Layout extends TableShape {
  readonly grain: readonly string[];
}

const columnsOf = (names: string, other: Readonly<Record<string, ColumnType>> = {}): Layout['columns'] =>
  Object.fromEntries(names.split(' ').map((name) => [name, other[name] ?? 'text']));

/** `intake` and the lines it was read by stand beside what models see. */
export const OBJECTS: Layout = {
  name: 'objects',
  columns: columnsOf(
    'raw_key raw_sha256 delivery_id provider account type received_ms bytes receiver covers_from covers_to problem problem_detail batch_id intake readers_version',
    { received_ms: 'bigint', bytes: 'bigint' },
  ),
  grain: ['raw_key'],
  partition: 'account',
};

export const RECORDS: Layout = {
  name: 'records',
  columns: columnsOf(
    'raw_key raw_sha256 delivery_id provider account type entity received_ms covers_from covers_to pointer parent key record carried',
    { received_ms: 'bigint' },
  ),
  grain: ['raw_key', 'entity', 'pointer'],
  partition: 'account',
};

export const OWNERS: Layout = {
  name: 'account_owners',
  columns: columnsOf('account provider user_id connection_id from_ms until_ms', {
    from_ms: 'bigint',
    until_ms: 'bigint',
  }),
  grain: ['account', 'user_id', 'from_ms'],
};

/** What has been told to whoever asks which objects were read. */
export const TAKEN: Layout = {
  name: 'taken',
  columns: columnsOf('raw_key account intake'),
  grain: ['raw_key'],
  partition: 'account',
};

export const BATCHES: Layout = {
  name: 'batches',
  columns: columnsOf(
    'batch_id started_at finished_at n_objects n_observations n_quarantined n_days seconds tables model_version',
    {
      started_at: 'timestamp',
      finished_at: 'timestamp',
      n_objects: 'bigint',
      n_observations: 'bigint',
      n_quarantined: 'bigint',
      n_days: 'bigint',
      seconds: 'double',
    },
  ),
  grain: ['batch_id'],
};

/** The stored model a stack may keep empty. */
export const SAMPLES = 'samples';

/** What a batch says it was made by. Without samples it says so: a change of that alone is work for the next run. glue/wellspring/settings.py says the same. */
export function batchVersion({ modelVersion }: Pick<Catalog, 'modelVersion'>, samples: boolean): string {
  return samples ? modelVersion : `${modelVersion}-no-samples`;
}

/** Committed before the others: a reader of a mart finds the observations it was made from. */
const FIRST = ['observations', SAMPLES];

const rank = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/** The tables of the stored models, in the order they are committed. */
export function modelLayouts(catalog: Catalog): readonly Layout[] {
  return storedModels(catalog)
    .map(({ name, spec }) => ({
      name,
      columns: Object.fromEntries(Object.entries(spec.columns).map(([column, { type }]) => [column, type])),
      grain: spec.grain,
      partition: spec.partition,
    }))
    .toSorted((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}
