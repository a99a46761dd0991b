// Writes the skeleton of a provider: `node bin/new-provider.mjs <id> ["Its Name"]`. Refuses rather than overwrites.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..');

/** New files by their template. */
const FILES = {
  provider: 'providers/__id__.ts',
  fixtures: 'test/fixtures/__id__/README.md',
  test: 'test/providers/__id__.test.ts',
  golden: 'test/models/golden/__id__.test.ts',
  'staging.sql': 'models/staging/__id__/stg___id____measurements.sql',
  'staging.yml': 'models/staging/__id__/stg___id____measurements.yml',
  guide: 'docs/providers/__id__.md',
};

/** Lines that go into files that are there, each before or after a text of that file. */
const LINES = [
  {
    path: 'providers/index.ts',
    before: "import type { Provider } from './kit/provider.ts';",
    line: "import { __id__ } from './__id__.ts';",
  },
  { path: 'providers/index.ts', before: '} satisfies Record<string, Provider>;', line: '  __id__,' },
  { path: 'models/records.csv', line: '__id__.measurements,measurement,$.measurements[*],,,id,record,,,' },
  { path: 'models/fields.csv', line: '__id__.measurements,measurement,1,weight_kg,,,,,weight_kg,sample,raw,' },
  {
    path: 'models/intermediate/contexts.sql',
    before: ')\nselect * from final',
    line: '  union all\n  select * from stg___id____measurements',
  },
];

/** What cannot be the name of a constant, a folder of ours, or an id. */
const TAKEN =
  'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
  'function if import in instanceof let new null return static super switch this throw true try typeof var void while ' +
  'with yield arguments eval index kit wellspring';

const [id = '', name = id.charAt(0).toUpperCase() + id.slice(1), ...rest] = process.argv.slice(2);
const problem = problemOf();
if (problem !== undefined) {
  process.stderr.write(`${problem}\nusage: npm run new-provider -- <id> ["Its Name"]\n`);
  process.exitCode = 2;
} else {
  write();
}

function problemOf() {
  if (rest.length > 0) return 'A name of several words is put in quotes.';
  if (!/^[a-z][a-z0-9]{1,30}$/.test(id)) return 'An id is 2 to 31 small letters and digits, a letter first.';
  if (TAKEN.split(' ').includes(id)) return `"${id}" cannot be an id.`;
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .&+-]{0,60}$/u.test(name))
    return 'The name is letters, digits, spaces and . & + - only.';
  const there = Object.values(FILES)
    .map(filled)
    .find((path) => existsSync(join(root, path)));
  if (there !== undefined) return `${there} is there already; nothing was written.`;
  const deaf = LINES.find(({ path, before = '' }) => !text(path).includes(before));
  return deaf === undefined
    ? undefined
    : `${deaf.path} does not have the line this one is put before; nothing was written.`;
}

function write() {
  for (const [template, path] of Object.entries(FILES)) {
    const target = join(root, filled(path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, filled(readFileSync(join(here, 'new-provider', `${template}.txt`), 'utf8')), { flag: 'wx' });
    process.stdout.write(`new      ${filled(path)}\n`);
  }
  for (const { path, before, line } of LINES) {
    const old = text(path);
    const at = before === undefined ? old.length : old.lastIndexOf(before);
    writeFileSync(join(root, path), `${old.slice(0, at)}${filled(line)}\n${old.slice(at)}`);
    process.stdout.write(`one line ${path}\n`);
  }
  process.stdout.write(`\nNext: docs/adding-a-provider.md, then: npx vitest run --project unit ${id}\n`);
}

function text(path) {
  return readFileSync(join(root, path), 'utf8');
}

function filled(template) {
  return template.replaceAll('__id__', id).replaceAll('__Name__', name);
}
