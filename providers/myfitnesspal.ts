import { readCsv } from './kit/csv.ts';
import { type DateRange, isDate } from './kit/dates.ts';
import { defineProvider, type ImportFile, type ImportResult } from './kit/provider.ts';
import { chunksByMonth, type DatedRow } from './kit/statement.ts';

interface Kind {
  readonly resource: string;
  /** Columns without which the rows mean nothing. */
  readonly required: readonly string[];
  /** Columns that give the kind away, so that a file lacking a required one is still named for what it is. */
  readonly signs: readonly string[];
  /** Whether the numbers have a unit that stands nowhere in the file. */
  readonly unitless: boolean;
}

const kinds: readonly Kind[] = [
  {
    resource: 'nutrition',
    required: ['Date', 'Meal', 'Calories'],
    signs: ['Meal', 'Calories', 'Fat (g)', 'Carbohydrates (g)', 'Protein (g)'],
    unitless: false,
  },
  {
    resource: 'exercise',
    required: ['Date', 'Exercise'],
    signs: ['Exercise', 'Exercise Calories', 'Exercise Minutes'],
    unitless: false,
  },
  { resource: 'measurement', required: ['Date', 'Weight'], signs: ['Weight'], unitless: true },
];

const ACCEPTED =
  'Unpack the export (File-Export-….zip) and import its Nutrition-Summary, Measurement-Summary or Exercise-Summary CSV file.';
const LONGEST_DAYS = 36_600;

/** The export of the website is the only door open to a private person: no keys are given out and nothing is pushed. */
export const myfitnesspal = defineProvider({
  id: 'myfitnesspal',
  name: 'MyFitnessPal',
  docs: 'https://myfitnesspalapi.com/docs',
  portal:
    'https://www.myfitnesspal.com/reports (Export data), then: wellspring import myfitnesspal <file> --user <name>',
  import: async (file) => readExport(file),
  views: { food: { mart: 'meals' } },
  policy: { mixing: true, ai: true, mustDeregister: false },
});

function readExport(file: ImportFile): ImportResult {
  const zip = file.bytes[0] === 0x50 && file.bytes[1] === 0x4b;
  if (zip) return refuse('unknown_format', 'The file is a zip archive.', ACCEPTED);
  const table = readCsv(file.bytes);
  if (!table.ok) return table;
  const kind = kindOf(file, table.columns);
  if (kind === undefined) return refuse('unknown_format', 'The columns are of no MyFitnessPal export.', ACCEPTED);
  const { resource } = kind;
  const missing = kind.required.find((column) => !table.columns.includes(column));
  if (missing !== undefined) {
    const detail = `The ${resource} export has no column "${missing}".`;
    return refuse('missing_column', detail, 'Columns are found by their English names: export again in English.');
  }
  const range = statedRange(file.name);
  if (range === 'bad')
    return refuse('bad_range', 'The dates in the file name are no range.', 'Name the file as it was.');
  const rows: DatedRow[] = [];
  for (const { line, cells } of table.rows) {
    const date = cells['Date'] ?? '';
    if (!isDate(date)) {
      const detail = `Line ${line}: "${date.slice(0, 40)}" is not a date as YYYY-MM-DD.`;
      return refuse('bad_date', detail, 'Correct that line, or export the file again.');
    }
    if (range !== undefined && (date < range.from || date > range.to)) {
      const detail = `Line ${line}: ${date} is outside the range in the file name, ${range.from} to ${range.to}.`;
      return refuse('outside_range', detail, 'Name the file as it was, or leave the range out of its name.');
    }
    rows.push({ date, cells });
  }
  const span = range ?? held(rows);
  if (span === undefined) return refuse('empty_file', 'The file has a header and no rows.', 'Export it again.');
  if (kind.unitless && file.units === undefined) {
    const remedy = 'Say --units metric or --units imperial, or set them for the person.';
    return refuse('missing_units', 'The file does not say whether its weights are in kg or lb.', remedy);
  }
  // Frozen into the bytes: a later change of the person's setting must not turn old pounds into kilograms.
  const frozen = kind.unitless ? { units: file.units === 'metric' ? 'kg' : 'lb' } : {};
  const parts = chunksByMonth(rows, frozen, range).map((chunk) => ({
    externalId: undefined,
    resource,
    notice: false,
    ...chunk,
  }));
  return { ok: true, parts, span };
}

function kindOf(file: ImportFile, columns: readonly string[]): Kind | undefined {
  const type = file.type?.replace(/^myfitnesspal\./, '');
  if (type !== undefined) return kinds.find((kind) => kind.resource === type);
  return (
    kinds.find((kind) => kind.signs.some((sign) => columns.includes(sign))) ??
    kinds.find((kind) => file.name.toLowerCase().startsWith(`${kind.resource}-summary`))
  );
}

/** The range MyFitnessPal writes into the name of an export: `…-2024-07-02-to-2026-03-02.csv`. */
function statedRange(name: string): DateRange | 'bad' | undefined {
  const [, from, to] = /(\d{4}-\d{2}-\d{2})-to-(\d{4}-\d{2}-\d{2})/.exec(name) ?? [];
  if (from === undefined || to === undefined) return undefined;
  if (!isDate(from) || !isDate(to) || from > to) return 'bad';
  return Date.parse(to) - Date.parse(from) > LONGEST_DAYS * 86_400_000 ? 'bad' : { from, to };
}

function held(rows: readonly DatedRow[]): DateRange | undefined {
  const dates = rows.map((row) => row.date).toSorted();
  const [from, to] = [dates[0], dates.at(-1)];
  return from === undefined || to === undefined ? undefined : { from, to };
}

function refuse(code: string, detail: string, remedy: string): ImportResult {
  return { ok: false, code, detail, remedy };
}
