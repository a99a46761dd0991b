import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PortError } from '../../errors.ts';
import { readReaders, type Reader } from './readers.ts';
import { readSpec, type ModelSpec } from './spec.ts';
import { versionsOf } from './versions.ts';

/** Bump when intake judges an object differently, or reads other records by the same line: everything is then read again. */
const READER_REVISION = '3';

export interface Model {
  readonly name: string;
  readonly sql: string;
  /** The text of the `.yml`. */
  readonly yml: string;
  readonly spec: ModelSpec;
}

/** The folder `models/`, read once. */
export interface Catalog {
  readonly models: ReadonlyMap<string, Model>;
  /** Seeds by name: the path of the CSV file. */
  readonly seeds: ReadonlyMap<string, string>;
  readonly audits: ReadonlyMap<string, string>;
  readonly readers: readonly Reader[];
  /** Changes with any model, seed, audit or reader line. */
  readonly modelVersion: string;
  /** By model: changes with what its rows are made by, and with nothing else. */
  readonly versions: ReadonlyMap<string, string>;
  /** Changes with what is read from raw. */
  readonly readersVersion: string;
}

/** The first 16 hex digits of the SHA-256 of these texts. */
const hash = (texts: readonly string[]): string =>
  createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16);

/** Reads models, seeds, audits and reader lines; `invalid_model` when a name is taken twice. */
export function readCatalog(directory: string): Catalog {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.(sql|yml|csv)$/.test(file))
    .toSorted();
  const texts = new Map(files.map((file) => [file, readFileSync(path.join(directory, file), 'utf8')]));
  const models = new Map<string, Model>();
  const seeds = new Map<string, string>();
  const audits = new Map<string, string>();
  for (const [file, text] of texts) {
    const { name, ext } = path.posix.parse(file);
    if (ext === '.yml' || file === 'records.csv') continue;
    if (models.has(name) || seeds.has(name)) throw new PortError('invalid_model', `two files define ${name}`);
    if (file.startsWith('audits/')) audits.set(name, text);
    else if (ext === '.csv') seeds.set(name, path.join(directory, file));
    else {
      const stated = file.replace(/\.sql$/, '.yml');
      const yml = texts.get(stated) ?? '';
      models.set(name, { name, sql: text.trim().replace(/;$/, ''), yml, spec: readSpec(stated, yml) });
    }
  }
  const records = texts.get('records.csv') ?? '';
  const readersVersion = hash([READER_REVISION, records]);
  const seedVersions = [...seeds.keys()].map((name) => [name, hash([texts.get(`${name}.csv`) ?? ''])] as const);
  const read = ['records', 'objects', 'readers'].map((name) => [name, readersVersion] as const);
  return {
    models,
    seeds,
    audits,
    readers: readReaders(records),
    modelVersion: hash([READER_REVISION, ...[...texts].flat()]),
    versions: versionsOf(models, audits, new Map([...seedVersions, ...read]), hash),
    readersVersion,
  };
}

/** The models whose rows are stored, in the order of their names; the engine stores `account_owners` itself. */
export function storedModels(catalog: Catalog): readonly Model[] {
  return [...catalog.models.values()].filter((m) => m.spec.materialized === 'table' && m.name !== 'account_owners');
}

/** The names of the marts people query, `batches` (which the engine writes) among them. */
export function publishedNames(catalog: Catalog): ReadonlySet<string> {
  const marts = storedModels(catalog).filter((model) => model.spec.published);
  return new Set([...marts.map((model) => model.name), 'batches']);
}
