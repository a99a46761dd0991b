// Puts what the tests run in Python (moto, PySpark) into `.python`, a virtual environment of the project's own, once per content of
// test/python/requirements.txt. Without Python it says what will be skipped; with CI=true that is a failure.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const place = join(root, '.python');
const stamp = join(place, '.installed');
const requirements = join(root, 'test', 'python', 'requirements.txt');
const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');

function isInstalled() {
  try {
    return readFileSync(stamp, 'utf8') === wanted;
  } catch {
    return false;
  }
}

/** True when it ended well; what it says goes to stderr. */
function run(command, ...words) {
  return spawnSync(command, words, { stdio: ['ignore', 2, 2] }).status === 0;
}

function install() {
  rmSync(place, { recursive: true, force: true });
  process.stderr.write('Installing moto and PySpark into .python (once) …\n');
  const python = ['python3', 'python'].find((one) => run(one, '-m', 'venv', place));
  if (python === undefined) return false;
  const pip = join(place, process.platform === 'win32' ? 'Scripts' : 'bin', 'pip');
  if (!run(pip, 'install', '--quiet', '--disable-pip-version-check', '-r', requirements)) return false;
  writeFileSync(stamp, wanted);
  return true;
}

if (!isInstalled() && !install()) {
  process.stderr.write(
    'No Python 3 with venv was found or its packages could not be installed, so the tests that play AWS are skipped. ' +
      'Install Python 3.11 (Debian: apt-get install python3-venv) and start again.\n',
  );
  process.exitCode = process.env.CI === 'true' ? 1 : 0;
}
