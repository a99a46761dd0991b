// Finds the system's Chromium for the browser tests and prints its path. With CI=true it is installed when it is missing
// (Debian or Ubuntu, as root), and a machine that has none fails; elsewhere it says what will be skipped.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function isThere(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function find() {
  const named = process.env.CHROMIUM ? [process.env.CHROMIUM] : [];
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...named, ...onPath, ...PLACES].find(isThere);
}

function aptGet(...words) {
  return spawnSync('apt-get', words, { stdio: ['ignore', 2, 2] }).status === 0;
}

/** True when the package manager could do it; what it says goes to stderr, stdout is for the path. */
function install() {
  return aptGet('update', '-qq') && aptGet('install', '-y', '-qq', '--no-install-recommends', 'chromium');
}

const inCi = process.env.CI === 'true';
let browser = find();
if (browser === undefined && inCi && process.getuid?.() === 0) {
  process.stderr.write('No Chromium was found; installing it with apt-get …\n');
  browser = install() ? find() : undefined;
}
if (browser === undefined) {
  process.stderr.write(
    'No Chromium or Chrome was found, so the browser tests are skipped. ' +
      'Install one (Debian: apt-get install chromium) or name it: CHROMIUM=/path/to/chromium.\n',
  );
  process.exitCode = inCi ? 1 : 0;
} else {
  process.stdout.write(`${browser}\n`);
}
