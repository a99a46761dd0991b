// npm run build: bundles the functions and packs what the jobs read, below dist/. The same sources give the same bytes.
// node bin/build.mjs [directory [name …]] builds elsewhere, or some functions and files alone.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundle } from './build/bundle.mjs';
import { jobs } from './build/jobs.mjs';
import { sha256 } from './build/sha256.mjs';

/** Bytes a bundle may have, a little above what was measured; `receive` is what a provider waits for, and has a goal of its own. */
const LIMITS = {
  receive: 500_000,
  web: 1_750_000,
  collect: 1_000_000,
  import: 700_000,
  readings: 750_000,
  summarize: 650_000,
  sweep: 1_100_000,
  forget: 1_100_000,
  export: 600_000,
  transform: 1_150_000,
};

/** Bytes a function may have with everything beside its code; Lambda takes 250 MB unpacked, and DuckDB has 63 of them. */
const FOLDER = 70_000_000;

const [directory = 'dist', ...only] = process.argv.slice(2);
const out = resolve(directory);
const manifest = {};
const rows = [];
const over = [];

rmSync(out, { recursive: true, force: true });

function write(path, bytes) {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), bytes);
}

for (const [name, limit] of Object.entries(LIMITS)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const files = await bundle(name);
  for (const [path, bytes] of files) write(join(name, path), bytes);
  manifest[name] = { file: name, sha256: sha256(files.flatMap(([path, bytes]) => [path, sha256([bytes])])) };
  const code = files.find(([path]) => path === 'index.mjs')[1];
  rows.push({ function: name, minified: code.length, gzip: gzipSync(code).length, limit });
  if (code.length > limit) over.push(`${name} has ${code.length} bytes and may have ${limit}.`);
  const all = files.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  if (all > FOLDER) over.push(`${name} has ${all} bytes with its files and may have ${FOLDER}.`);
}
for (const [name, bytes] of jobs()) {
  if (only.length > 0 && !only.includes(name)) continue;
  write(name, bytes);
  manifest[name] = { file: name, sha256: sha256([bytes]) };
}
write('manifest.json', `${JSON.stringify(manifest, undefined, 2)}\n`);

const columns = ['function', 'minified', 'gzip', 'limit'];
for (const row of [columns, ...rows.map((one) => columns.map((column) => one[column]))]) {
  process.stdout.write(
    `${row.map((cell, at) => (at === 0 ? String(cell).padEnd(12) : String(cell).padStart(10))).join('')}\n`,
  );
}
for (const sentence of over) process.stderr.write(`${sentence}\n`);
if (over.length > 0) {
  process.stderr.write('Look at what it imports (LIMITS in bin/build.mjs says what was agreed).\n');
  process.exitCode = 1;
}
