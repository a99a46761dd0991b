import { readFileSync } from 'node:fs';
import { readCatalog, storedModels, type Model } from '../../ports/engine/duckdb/catalog.ts';
import { readSpec } from '../../ports/engine/duckdb/spec.ts';
import type { Edge } from '../../ports/lineage.ts';
import { MODELS } from '../support/transform.ts';
import { bucketOf } from '../../ports/engine/duckdb/buckets.ts';
import { dayOf, periodOf } from '../../ports/engine/duckdb/days.ts';
import { headOf } from './tables-words.ts';

type Spec = Model['spec'];
/** A table and what its .yml says of it. */
type Described = Pick<Model, 'name' | 'spec'>;

/** The files of a machine: as many buckets as the hash of a person or account has, and the periods rows of these columns are in. */
const fileBuckets = new Set(Array.from({ length: 1000 }, (_, n) => bucketOf(`u_${n}`))).size;
const buckets = /^BUCKETS = (\d+)$/m.exec(readFileSync('glue/wellspring/tables.py', 'utf8'))?.[1] ?? '';

const code = (text: string): string => `\`${text}\``;
const list = (names: readonly string[]): string => names.map(code).join(', ');
const days = (n: number): string => (n === 1 ? '1 day' : `${n} days`);
/** What would end a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function keptIn({ partition, columns }: Spec): string {
  const month = 'by the month of `local_date`';
  if (partition === undefined)
    return 'on one machine in one file, in the cloud in one part: it is small and about nobody.';
  const there = 'local_date' in columns ? month : `in ${buckets} parts by ${code(partition)}`;
  return `on one machine in ${fileBuckets} buckets by ${code(partition)}${periodsOf(Object.keys(columns), partition)}, in the cloud ${there}.`;
}

/** What the periods of a table's files are of, in words; nothing where its rows are of none. */
function periodsOf(columns: readonly string[], partition: string): string {
  if (periodOf(columns, partition) === null) return '';
  const day = dayOf(columns);
  if (periodOf(columns, partition) === periodOf(['raw_key'], 'account')) return ' and the period of the day it came';
  return day === null ? '' : ` and the period of ${code(day)}`;
}

function reachOf({ reach_days: reach }: Spec): string {
  const said = typeof reach === 'object' ? reach : { before: reach ?? 0, after: reach ?? 0 };
  if (said.before === 'all' || said.after === 'all') return 'a change of one day can change any row of the person.';
  if (said.before === 0 && said.after === 0) return 'a change of one day reaches rows of that day only.';
  return `a change of one day reaches rows from ${days(said.before)} before it to ${days(said.after)} after.`;
}

function edgeText({ from, on, where, days: span }: Edge): string {
  const pairs = Object.entries(on).map(([mine, theirs]) =>
    mine === theirs ? code(mine) : `${code(mine)} = its ${code(theirs)}`,
  );
  const some = Object.entries(where).map(([name, values]) => `, where ${code(name)} is ${values.join(' or ')}`);
  const around = span === undefined ? '' : `, its days from ${span.first} to ${span.last} around ${code(span.of)}`;
  return `${code(from)} of the same ${pairs.join(', ')}${some.join('')}${around}`;
}

function explainOf({ explain }: Spec): string {
  if (explain === undefined) return 'nothing: it is a step on the way.';
  if (explain.edges.length === 0) return explain.reason ?? '';
  return `${explain.edges.map(edgeText).join('; ')}.`;
}

function auditsOf({ audits }: Spec): string {
  if (audits.length === 0) return 'none: no model makes these rows, an engine writes them.';
  const said = audits.flatMap(({ unique, not_null: never, accepted = {}, sql, blocking }) => {
    const texts = [
      ...(unique === undefined ? [] : [`one row for each ${list(unique)}`]),
      ...(never === undefined ? [] : [`never null: ${list(never)}`]),
      ...Object.entries(accepted).map(([name, values]) => `${code(name)} is one of ${values.join(', ')}`),
      ...(sql === undefined ? [] : [`[${code(sql)}](../models/audits/${sql}.sql) finds nothing`]),
    ];
    return texts.map((text) => (blocking === false ? `${text} (told, not held up)` : text));
  });
  return `${said.join('; ')}.`;
}

function columnsOf({ columns }: Spec): readonly string[] {
  const rows = Object.entries(columns).map(([name, { type, unit = '', description = '' }]) => {
    return `| ${code(name)} | ${type} | ${unit} | ${cell(description)} |`;
  });
  return ['| column | type | unit | what it is |', '|---|---|---|---|', ...rows];
}

function sectionOf({ name, spec }: Described): readonly string[] {
  const other = spec.also_called === undefined ? [] : [`- **Also called**: ${code(spec.also_called)}: the same rows.`];
  return [
    `### ${name}`,
    '',
    spec.description,
    '',
    `- **Grain**: ${list(spec.grain)}.`,
    ...other,
    `- **Kept**: ${keptIn(spec)}`,
    `- **Reach**: ${reachOf(spec)}`,
    `- **Made from**: ${explainOf(spec)}`,
    `- **Audits**: ${auditsOf(spec)}`,
    '',
    ...columnsOf(spec),
    '',
  ];
}

/** The mart that has a .yml and no model, because an engine writes it. */
const BATCHES = 'models/marts/batches.yml';
const batches: Described = { name: 'batches', spec: readSpec(BATCHES, readFileSync(BATCHES, 'utf8')) };

const line = ({ name, spec }: Described): string => `| [${code(name)}](#${name}) | ${cell(spec.description)} |`;

/** The text of docs/tables.md: what each stored table is, from the .yml of each. */
export function tablesPage(): string {
  const stored = storedModels(readCatalog(MODELS)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const published: readonly Described[] = [...stored.filter(({ spec }) => spec.published), batches];
  return [
    ...headOf(fileBuckets),
    '| table | what a row is |',
    '|---|---|',
    ...published.map(line),
    '',
    '## What people query',
    '',
    ...published.flatMap(sectionOf),
    '## What explanations need',
    '',
    'Stored, and not among the names that stay: they change when the models do.',
    '',
    ...stored.filter(({ spec }) => !spec.published).flatMap(sectionOf),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}
