import path from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import type { BatchRequest, BatchResult, CellChange, Engine, Intake, RebuildRequest } from '../engine.ts';
import { documentsSql } from './bronze.ts';
import { bucketOf } from './buckets.ts';
import { publishedNames, readCatalog, type Catalog } from './catalog.ts';
import { findChanges } from './changes.ts';
import { compute, type Before } from './compute.ts';
import { openDatabase, type Database } from './database.ts';
import { DATES } from './dates.ts';
import { countErased, erase } from './erase.ts';
import { extract } from './extract.ts';
import { EMPTY_OBJECTS, EMPTY_RECORDS, RECORD_NAMES } from './intake.ts';
import { linkTables } from './links.ts';
import { bindListed } from './listed.ts';
import { NO_GRACE, removeLitter } from './litter.ts';
import { currentManifest, type Manifest, type StoredFile, type StoredTable } from './manifest.ts';
import { EMPTY_OWNERS } from './owners.ts';
import { publish } from './publish.ts';
import { planAll, planPeople, planRenewal, type Plan } from './plan.ts';
import { filesSql, sourceSql } from './source.ts';
import { inList, literal } from './sql.ts';
import type { Months } from './touched.ts';

export interface DuckDbEngineOptions {
  /** The lake: tables, manifests and the pointer `current`. */
  readonly directory: string;
  readonly modelsDirectory: string;
  /** Tells when a batch finished; without it a batch ends when it began. */
  readonly clock?: Clock;
  /** From how many stored records on days are made anew by themselves, not whole people; 30,000 when absent. */
  readonly daysFrom?: number;
  /** Where plain folders of the marts are shown; default `tables` beside the lake. */
  readonly tablesDirectory?: string;
}

let extracts = 0;

/** What one thread is done with before several have been told of it. */
const LITTLE = { bytes: 4_000_000, records: 50_000 };

const rowsOf = ({ files }: StoredTable): number => files.reduce((sum, { rows }) => sum + rows, 0);

/** One thread for a batch that reads little beside little; as many as there are processors otherwise. */
function threadsFor({ objects }: BatchRequest, current: Manifest | undefined): number | undefined {
  const bytes = objects.reduce((sum, { document }) => sum + document.byteLength, 0);
  const table = current?.tables['records'];
  const records = table === undefined ? 0 : rowsOf(table);
  return bytes < LITTLE.bytes && records < LITTLE.records ? 1 : undefined;
}

/** What a rebuild begins from: nothing but documents, which are as good as raw where raw lists them. */
function nothing(directory: string, current: Manifest | undefined): Before {
  return {
    objects: EMPTY_OBJECTS,
    records: () => EMPTY_RECORDS,
    owners: EMPTY_OWNERS,
    documents: (dates) => documentsSql(directory, current?.documents ?? [], dates),
    rereadAll: false,
  };
}

/** Files of the records of these accounts, of some months and of none. */
function recordFiles(table: StoredTable, accounts: readonly string[], months?: Months): readonly StoredFile[] {
  const buckets = new Set(accounts.map(bucketOf));
  return table.files.filter(
    ({ bucket, month }) =>
      bucket !== null &&
      buckets.has(bucket) &&
      (months === undefined || month === null || (months.from <= month && month <= months.to)),
  );
}

/** The records of whoever is in these buckets, below which whole people are made anew: to find days costs more than to make so few. */
const LITTLE_RECORDS = 30_000;

function stored(directory: string, manifest: Manifest, catalog: Catalog, least: number): Before {
  const select = (name: string, otherwise: string, partitions?: readonly string[]): string => {
    const table = manifest.tables[name];
    return table === undefined ? otherwise : sourceSql(directory, table, partitions);
  };
  const rereadAll = manifest.readers_version !== catalog.readersVersion;
  const records = manifest.tables['records'];
  return {
    objects: select('objects', EMPTY_OBJECTS),
    records: (accounts) => `select ${RECORD_NAMES} from (${select('records', EMPTY_RECORDS, accounts)})`,
    owners: select('account_owners', EMPTY_OWNERS),
    documents: (dates) => documentsSql(directory, manifest.documents, dates),
    rereadAll,
    ...(rereadAll || records === undefined || rowsOf(records) < least || !catalog.models.has(DATES)
      ? {}
      : {
          days: {
            records: (accounts) => (months) =>
              `select * from (${filesSql(directory, records, recordFiles(records, accounts, months))})
              where account in ${inList(accounts)}`,
            table: (name) => select(name, ''),
          },
        }),
  };
}

async function computeFrom(
  database: Database,
  catalog: Catalog,
  before: Before,
  request: Omit<BatchRequest, 'commit'> & { readonly keys?: string },
  everybody: boolean,
  plan?: Plan,
): Promise<boolean> {
  return compute(database, catalog, before, {
    batch: { batchId: request.batchId, now: request.now },
    objects: request.objects,
    ...(request.keys === undefined ? {} : { keys: request.keys }),
    load: request.load,
    also: everybody ? 'all' : (request.also ?? []),
    onStep: request.onStep ?? (() => undefined),
    plan,
  });
}

/** Runs the models on DuckDB in memory, one instance a batch, and keeps their tables as Parquet below `directory`. */
export function createDuckDbEngine(options: DuckDbEngineOptions): Engine {
  const { directory, modelsDirectory } = options;
  const least = options.daysFrom ?? LITTLE_RECORDS;
  const tablesDirectory = options.tablesDirectory ?? path.join(path.dirname(path.resolve(directory)), 'tables');

  async function withDatabase<T>(work: (database: Database) => Promise<T>, threads?: number): Promise<T> {
    const database = await openDatabase({
      spill: path.join(directory, 'spill'),
      ...(threads === undefined ? {} : { threads }),
    });
    try {
      return await work(database);
    } finally {
      database.close();
    }
  }

  async function runBatch(request: BatchRequest, listed?: RebuildRequest['listed']): Promise<BatchResult> {
    const fresh = listed !== undefined;
    const catalog = readCatalog(modelsDirectory);
    const current = currentManifest(directory);
    const everybody = fresh || request.also === 'all' || current?.model_version !== catalog.modelVersion;
    const published = publishedNames(catalog);
    const link = (manifest: Manifest): Promise<void> => linkTables(directory, tablesDirectory, manifest, published);
    const idle = request.objects.length === 0 && (request.also ?? []).length === 0;
    if (!fresh && idle && (current === undefined || !everybody)) {
      // A batch may have died between its switch and its links.
      if (current !== undefined) await link(current);
      return {
        batchId: current?.batch_id ?? null,
        published: false,
        objects: 0,
        observations: 0,
        quarantined: 0,
        days: 0,
        users: [],
        tables: {},
      };
    }
    await removeLitter(directory, request.now);
    const kept = fresh ? undefined : current;
    // Nothing came: only what other models than those of the last batch make is made anew.
    const renewal = kept !== undefined && idle ? planRenewal(catalog, kept, directory) : undefined;
    const whole = everybody || kept === undefined ? planAll(catalog) : planPeople(catalog, kept, directory);
    const plan = renewal ?? whole;
    const result = await withDatabase(
      async (database) => {
        const keys = fresh ? await bindListed(database, listed) : undefined;
        const isWindowed = await computeFrom(
          database,
          catalog,
          kept === undefined
            ? nothing(directory, current)
            : stored(directory, kept, catalog, everybody ? Number.POSITIVE_INFINITY : least),
          keys === undefined ? request : { ...request, keys },
          everybody,
          plan,
        );
        const finishedMs = (): number => Math.max(options.clock?.now() ?? request.now, request.now);
        return publish(database, catalog, {
          directory,
          request,
          current,
          kept,
          everybody,
          plan,
          isWindowed,
          finishedMs,
        });
      },
      fresh ? undefined : threadsFor(request, current),
    );
    const made = currentManifest(directory);
    if (made !== undefined) await link(made);
    request.onStep?.('linked');
    return result;
  }

  return {
    async known(from) {
      const objects = currentManifest(directory)?.tables['objects'];
      if (objects === undefined) return new Map<string, Intake>();
      const since = from === undefined ? '' : ` where raw_key >= ${literal(`raw/${from}`)}`;
      return withDatabase(async (database) => {
        const rows = await database.rows(`select raw_key, intake from (${sourceSql(directory, objects)})${since}`);
        return new Map(
          rows.map((row) => [String(row['raw_key']), row['intake'] === 'read' ? 'read' : 'unread'] as const),
        );
      });
    },
    lastFinished: () => Promise.resolve(currentManifest(directory)?.finished_ms),
    isOutdated() {
      const current = currentManifest(directory);
      return Promise.resolve(
        current !== undefined && current.model_version !== readCatalog(modelsDirectory).modelVersion,
      );
    },
    run: (request) => runBatch(request),
    rebuild: ({ listed, ...request }) => runBatch({ ...request, objects: [] }, listed),
    async compare({ listed, ...request }, from): Promise<readonly CellChange[]> {
      const catalog = readCatalog(modelsDirectory);
      const current = currentManifest(directory);
      return withDatabase(async (database) => {
        const keys = await bindListed(database, listed);
        await computeFrom(database, catalog, nothing(directory, current), { ...request, objects: [], keys }, true);
        return findChanges(database, catalog, current, directory, from);
      });
    },
    countErasure: (erasure) => withDatabase((database) => countErased(database, directory, erasure)),
    async erase(erasure, batch) {
      await withDatabase((database) => erase(database, directory, erasure, batch));
      await removeLitter(directory, batch.now, NO_GRACE);
      const made = currentManifest(directory);
      if (made !== undefined)
        await linkTables(directory, tablesDirectory, made, publishedNames(readCatalog(modelsDirectory)));
    },
    async *extract(userId) {
      extracts += 1;
      // Beside the lake: what lies in it and is no table is removed by the next batch.
      const folder = path.join(path.dirname(tablesDirectory), 'exports', '.tmp', `${process.pid}-${extracts}`);
      const database = await openDatabase();
      try {
        yield* extract(
          database,
          { directory, folder, published: publishedNames(readCatalog(modelsDirectory)) },
          userId,
        );
      } finally {
        database.close();
      }
    },
    close: () => Promise.resolve(),
  };
}
