import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** DuckDB for the machines Lambda has, whatever this one is. */
const NAME = '@duckdb/node-bindings-linux-arm64';
const BINDINGS = '@duckdb/node-bindings';
/** Beside the tree's own packages, because an install there would take it away; git does not see it. */
const PLACE = '.native';

/** `[path, bytes]` of DuckDB's files as a function finds them: the package that chooses by machine, and the one for Lambda's. */
export function native() {
  const files = [
    ...['package.json', 'duckdb.js'].map((file) => [`${BINDINGS}/${file}`, 'node_modules']),
    ...['package.json', 'duckdb.node', 'libduckdb.so'].map((file) => [`${NAME}/${file}`, fetched()]),
  ];
  return files.map(([path, root]) => [`node_modules/${path}`, readFileSync(join(root, path))]);
}

/** The `node_modules` that holds it, from the registry the first time: the version and the hash of package-lock.json, which npm checks. */
function fetched() {
  const { version, integrity } = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages[`node_modules/${NAME}`];
  const there = join(PLACE, version);
  if (!existsSync(there)) install({ version, integrity }, there);
  return join(there, 'node_modules');
}

function install({ version, integrity }, there) {
  mkdirSync(PLACE, { recursive: true });
  const made = mkdtempSync(join(PLACE, 'new-'));
  const dependencies = { [NAME]: version };
  // Without the package's `os` and `cpu` npm installs it on any machine.
  const packages = { '': { dependencies }, [`node_modules/${NAME}`]: { version, integrity } };
  writeFileSync(join(made, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(made, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
  const { status } = npm(made);
  if (status !== 0) {
    rmSync(made, { recursive: true });
    throw new Error(
      `${NAME} ${version} could not be fetched (npm ended with ${status}). Build again when the registry answers.`,
    );
  }
  try {
    renameSync(made, there);
  } catch (error) {
    rmSync(made, { recursive: true });
    // Another build was quicker.
    if (!existsSync(there)) throw error;
  }
}

function npm(cwd) {
  const script = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  const [command, ...before] = script === undefined ? ['npm'] : [process.execPath, script];
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // All it says goes to stderr: stdout is the table of sizes.
  return spawnSync(command, [...before, ...options], {
    cwd,
    stdio: ['ignore', 2, 2],
    shell: command === 'npm' && process.platform === 'win32',
  });
}
