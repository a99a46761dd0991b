import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import type { BatchRequest, BatchResult, CellChange, Engine, Intake, RebuildRequest } from '../engine.ts';
import { nothing, stored } from './before.ts';
import { publishedNames, readCatalog, type Catalog } from './catalog.ts';
import { findChanges } from './changes.ts';
import { openDatabase, type Database, type DatabaseOptions } from './database.ts';
import { countErased, erase } from './erase.ts';
import { extract } from './extract.ts';
import { computeBatch } from './batch.ts';
import { gather } from './gather.ts';
import { linkTables } from './links.ts';
import { EMPTY_OBJECTS } from './intake.ts';
import { bindKnown, bindListed } from './listed.ts';
import { NO_GRACE, removeLitter } from './litter.ts';
import { currentManifest, type Manifest } from './manifest.ts';
import { publish, type Publication } from './publish.ts';
import { afterFacts, findWaves, layOut, makeWave, type Laid, type Rebuilding } from './rebuild.ts';
import { WAVE_RECORDS } from './parts.ts';
import { planAll, planComparison, planPeople, planRenewal } from './plan.ts';
import { sideBySide } from './side-by-side.ts';
import { sourceSql } from './source.ts';
import { literal } from './sql.ts';

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
  /** Text of the documents a rebuild has in hand at a time; 24 MB when absent. */
  readonly waveBytes?: number;
  /** Records of whom is made anew whole that a batch has in hand at a time; `WAVE_RECORDS` when absent. */
  readonly waveRecords?: number;
}

let extracts = 0;

/** Documents of a wave: what is made of them takes some forty times as much memory. */
const WAVE_BYTES = 24_000_000;
/** DuckDB's; the process has some 300 MB beside it. */
const REBUILDING = { memory: '1GB' };
/** Two of one thread are done in two thirds of the time of one of two threads, and take no more memory (docs/scaling.md). */
const WAVES_AT_A_TIME = 2;
const WAVE = { memory: '512MB', threads: 1 };
/** All keys there are. */
const LISTED = 'select raw_key from listed';

/** Stored records below which whole people are made anew: to find days costs more than to make so few. */
const LITTLE_RECORDS = 30_000;

/** Text of what comes from which on several threads are worth their while. */
const MUCH_BYTES = 64_000_000;

/**
 * One thread, or as many as there are processors for a batch that brings much: a batch is hundreds of statements over little, and several threads
 * take a quarter more of processor time to be done no sooner (docs/scaling.md).
 */
function threadsFor({ objects }: BatchRequest): number | undefined {
  return objects.reduce((sum, { document }) => sum + document.byteLength, 0) < MUCH_BYTES ? 1 : undefined;
}

/** Runs the models on DuckDB in memory, one instance a batch, and keeps their tables as Parquet below `directory`. */
export function createDuckDbEngine(options: DuckDbEngineOptions): Engine {
  const { directory, modelsDirectory } = options;
  const least = options.daysFrom ?? LITTLE_RECORDS;
  const ours = { directory, waveRecords: options.waveRecords ?? WAVE_RECORDS };
  const tablesDirectory = options.tablesDirectory ?? path.join(path.dirname(path.resolve(directory)), 'tables');

  async function withDatabase<T>(
    work: (database: Database) => Promise<T>,
    terms: Pick<DatabaseOptions, 'memory'> & { readonly threads?: number | undefined } = {},
  ): Promise<T> {
    const { threads, ...other } = terms;
    const spill = path.join(directory, 'spill');
    const database = await openDatabase({ spill, ...other, ...(threads === undefined ? {} : { threads }) });
    try {
      return await work(database);
    } finally {
      database.close();
    }
  }

  async function link(catalog: Catalog): Promise<void> {
    const made = currentManifest(directory);
    if (made !== undefined) await linkTables(directory, tablesDirectory, made, publishedNames(catalog));
  }

  const endOf =
    ({ now }: { readonly now: number }) =>
    (): number =>
      Math.max(options.clock?.now() ?? now, now);

  async function run(request: BatchRequest): Promise<BatchResult> {
    const catalog = readCatalog(modelsDirectory);
    const current = currentManifest(directory);
    const everybody = request.also === 'all' || current?.model_version !== catalog.modelVersion;
    const idle = request.objects.length === 0 && (request.also ?? []).length === 0;
    if (idle && (current === undefined || !everybody)) {
      // A batch may have died between its switch and its links.
      await link(catalog);
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
    if (current !== undefined && current.readers_version !== catalog.readersVersion) return readAnew(request, current);
    await removeLitter(directory, request.now);
    // Nothing came: only what other models than those of the last batch make is made anew.
    const renewal = current !== undefined && idle ? planRenewal(catalog, current, directory) : undefined;
    const whole = everybody || current === undefined ? planAll(catalog) : planPeople(catalog, current, directory);
    const plan = renewal ?? whole;
    const before =
      current === undefined
        ? nothing(directory, current)
        : stored(directory, current, catalog, everybody ? Number.POSITIVE_INFINITY : least);
    const result = await withDatabase(
      async (database) => {
        const isWindowed = await computeBatch(database, {
          ...ours,
          catalog,
          before,
          request,
          everybody,
          plan,
          kept: current,
        });
        const finishedMs = endOf(request);
        return publish(database, catalog, {
          directory,
          request,
          current,
          kept: current,
          everybody,
          plan,
          isWindowed,
          finishedMs,
        });
      },
      { threads: threadsFor(request) },
    );
    await link(catalog);
    request.onStep?.('linked');
    return result;
  }

  /** Everything anew from the documents of what is known and of what came: they are read by other lines than before. */
  async function readAnew(request: BatchRequest, current: Manifest): Promise<BatchResult> {
    const objects = current.tables['objects'];
    const known = objects === undefined ? EMPTY_OBJECTS : sourceSql(directory, objects);
    const came = new Map(request.objects.map(({ key, document }) => [key, document]));
    const load = async (key: string) => came.get(key) ?? request.load(key);
    return makeAnew({ ...request, load, objects: [] }, (database) => bindKnown(database, known, request.objects));
  }

  /** What a rebuild works with; documents are as good as raw where raw lists them. */
  function rebuildingOf(request: Rebuilding['request'], current: Manifest | undefined): Rebuilding {
    const staging = { directory, batchId: request.batchId, now: request.now };
    const { waveBytes = WAVE_BYTES } = options;
    return {
      catalog: readCatalog(modelsDirectory),
      staging,
      nothing: nothing(directory, current),
      request,
      waveBytes,
    };
  }

  /** Makes everything anew from the documents of what `bind` lists. */
  async function makeAnew(request: BatchRequest, bind: (database: Database) => Promise<void>): Promise<BatchResult> {
    const current = currentManifest(directory);
    const rebuilding = rebuildingOf(request, current);
    const { catalog } = rebuilding;
    await removeLitter(directory, request.now);
    const plan = planAll(catalog);
    const finishedMs = endOf(request);
    const publication = {
      directory,
      request,
      current,
      kept: undefined,
      everybody: true,
      plan,
      isWindowed: false,
      finishedMs,
    };
    const begun = await withDatabase(async (database) => {
      await bind(database);
      const waves = await findWaves(database, rebuilding);
      if (waves.length > 1) return layOut(database, rebuilding, waves, current?.documents ?? []);
      const before = await afterFacts(database, rebuilding);
      const whole = { catalog, before, request: { ...request, keys: LISTED }, everybody: true, plan, kept: undefined };
      await computeBatch(database, { ...ours, ...whole });
      return publish(database, catalog, publication);
    }, REBUILDING);
    const result = 'waves' in begun ? await makeWaves(rebuilding, begun, publication) : begun;
    await link(catalog);
    request.onStep?.('linked');
    return result;
  }

  async function makeWaves(rebuilding: Rebuilding, laid: Laid, publication: Publication): Promise<BatchResult> {
    const { catalog, staging } = rebuilding;
    const make = (wave: number) => withDatabase((database) => makeWave(database, rebuilding, laid, wave), WAVE);
    const [first, ...others] = laid.waves.keys();
    // It alone makes what all others find made: the tables about nobody, and the columns of those that have no rows.
    if (first !== undefined) await make(first);
    await sideBySide(others, WAVES_AT_A_TIME, make);
    return withDatabase(async (database) => {
      await gather(database, catalog, staging);
      return publish(database, catalog, { ...publication, documents: laid.documents });
    }, REBUILDING);
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
    run,
    rebuild: ({ listed, ...request }: RebuildRequest) =>
      makeAnew({ ...request, objects: [] }, (database) => bindListed(database, listed)),
    async compare({ listed, ...request }, from): Promise<readonly CellChange[]> {
      const catalog = readCatalog(modelsDirectory);
      const current = currentManifest(directory);
      const staging = path.join(directory, 'staging');
      try {
        return await withDatabase(async (database) => {
          await bindListed(database, listed);
          const batch = { ...request, objects: [], keys: LISTED };
          const before = nothing(directory, current);
          const plan = planComparison(catalog);
          const whole = { catalog, before, request: batch, everybody: true, plan, kept: undefined };
          await computeBatch(database, { ...ours, ...whole });
          return findChanges(database, catalog, current, directory, from);
        });
      } finally {
        // Only what is its own; one that is killed leaves it to the next batch.
        await rm(path.join(staging, request.batchId), { recursive: true, force: true });
        await rmdir(staging).catch(() => undefined);
      }
    },
    countErasure: (erasure) => withDatabase((database) => countErased(database, directory, erasure)),
    async erase(erasure, batch) {
      await withDatabase((database) => erase(database, directory, erasure, batch));
      await removeLitter(directory, batch.now, NO_GRACE);
      await link(readCatalog(modelsDirectory));
    },
    async *extract(userId) {
      extracts += 1;
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
