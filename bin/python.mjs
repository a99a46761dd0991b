// Puts what the tests run in Python (moto, PySpark, sqlglot) into `.python`, a virtual environment of the project's own, once per content of
// test/python/requirements.txt. Where that cannot be done it says what is missing and what will be skipped; with CI=true that is a failure.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const place = join(root, '.python');
const bin = join(place, process.platform === 'win32' ? 'Scripts' : 'bin');
const stamp = join(place, '.installed');
const requirements = join(root, 'test', 'python', 'requirements.txt');
const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');

/** Glue's own is 3.11: the jobs use what it brought, and moto's boto3 wants 3.10. */
const LEAST = [3, 11];
const NAMES = ['python3.11', 'python3', 'python'];

function isInstalled() {
  try {
    // The interpreter it was made with may be gone, and its link with it.
    return readFileSync(stamp, 'utf8') === wanted && ['python', 'python.exe'].some((one) => existsSync(join(bin, one)));
  } catch {
    return false;
  }
}

/** True when it ended well; what it says goes to stderr. */
function run(command, ...words) {
  return spawnSync(command, words, { stdio: ['ignore', 2, 2] }).status === 0;
}

/** What a Python says of itself, `3.11.7`; undefined when there is none of that name. */
function versionOf(name) {
  const { stdout, stderr } = spawnSync(name, ['--version'], { encoding: 'utf8' });
  // Python 2 says it on stderr.
  return /^Python (\d+\.\d+\S*)/m.exec(`${stdout ?? ''}\n${stderr ?? ''}`)?.[1];
}

function suits(version) {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major === LEAST[0] && minor >= LEAST[1];
}

/** Undefined when everything is in place, or else what is missing and what to do about it. */
function install() {
  // What another list of packages left is not gone on with.
  rmSync(place, { recursive: true, force: true });
  const seen = NAMES.map((name) => ({ name, version: versionOf(name) })).filter(({ version }) => version !== undefined);
  const python = seen.find(({ version }) => suits(version));
  if (python === undefined) {
    const others = seen.map(({ name, version }) => `${name} is ${version}`).join(', ');
    return [
      `No Python ${LEAST.join('.')} or newer was found${others === '' ? '' : ` (${others})`}`,
      'Install Python 3.11 (Debian: apt-get install python3 python3-venv) and start again.',
    ];
  }
  process.stderr.write(`Installing moto, PySpark and sqlglot into .python with Python ${python.version} (once) …\n`);
  if (!run(python.name, '-m', 'venv', place)) {
    return [
      `${python.name} (${python.version}) could not make a virtual environment`,
      'Install its venv (Debian: apt-get install python3-venv) and start again.',
    ];
  }
  if (!run(join(bin, 'pip'), 'install', '--quiet', '--disable-pip-version-check', '-r', requirements)) {
    return [
      'The packages of test/python/requirements.txt could not be installed; what pip said stands above',
      'Check the connection to the package registry and the free disk space, and start again; nothing has to be cleaned up.',
    ];
  }
  writeFileSync(stamp, wanted);
  return undefined;
}

const missing = isInstalled() ? undefined : install();
if (missing !== undefined) {
  const [what, remedy] = missing;
  process.stderr.write(
    `${what}, so test:aws (AWS as moto plays it), test:spark and test:engines are skipped, test:parity, test:killed-jobs and bench:transform fail, ` +
      `and bench:engines has no rows but those of this machine. ${remedy}\n`,
  );
  process.exitCode = process.env.CI === 'true' ? 1 : 0;
}
