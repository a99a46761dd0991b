import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { leaveOut } from './leave-out.mjs';
import { native } from './native.mjs';
import { places, READ } from './places.mjs';
import { schemas } from './schemas.mjs';
import { standIns } from './stand-ins.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Parts of Node packages that are no ECMAScript modules ask for `require`. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module';const require = requireFrom(import.meta.url);";

/** Never in a function: what only one machine has. */
const STRANGERS = /node_modules\/(libsql|@libsql|@hono\/node-server|cli-progress)\//;

/** The one that computes tables brings DuckDB; its own files lie beside the bundle, because a bundler cannot read what is no script. */
const COMPUTES = 'transform';
const DUCKDB = /node_modules\/@duckdb\//;

/** One function as `[path, bytes]` of its folder: `index.mjs`, the files its modules read while they run, and what is no script. */
export async function bundle(name) {
  const { outputFiles, metafile } = await build({
    entryPoints: [`handlers/${name}.ts`],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    // The runtime is Node 24; tests run the same bytes on Node 20.
    target: 'node20',
    mainFields: ['module', 'main'],
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    banner: { js: REQUIRE },
    define: { WELLSPRING_VERSION: JSON.stringify(version) },
    external: name === COMPUTES ? ['@duckdb/node-bindings'] : [],
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    write: false,
    plugins: [schemas, standIns, places, leaveOut(name)],
  });
  const inputs = Object.keys(metafile.inputs);
  const stranger = inputs.find((path) => STRANGERS.test(path) || (name !== COMPUTES && DUCKDB.test(path)));
  if (stranger !== undefined) throw new Error(`${name} would bring ${stranger}.`);
  const read = new Set(inputs.flatMap((path) => READ[path] ?? []));
  return [
    ['index.mjs', Buffer.from(outputFiles[0].contents)],
    ...[...read].map((path) => [path, readFileSync(path)]),
    ...(name === COMPUTES ? native() : []),
  ];
}
