// Runs on plain Node before anything is installed: puts in place what the lock file says, once, and is silent when it is there.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.wellspring-installed');

/** What an install depends on: the lock file, and the platform that chose its binaries. */
function wanted() {
  const lockFile = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256').update(`${process.platform} ${process.arch}\n`).update(lockFile).digest('hex');
}

function isInstalled() {
  try {
    return readFileSync(stamp, 'utf8') === wanted();
  } catch {
    return false;
  }
}

/** `npm ci` with everything it says on stderr: stdout belongs to the command that follows. */
function install(held) {
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...before] = npm;
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...before, ...options], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: command === 'npm' && process.platform === 'win32',
    });
    child.on('spawn', () => held.alsoFor(child.pid));
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Says it on stderr and ends with the exit code. */
function refuse(lines, code) {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(code);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  refuse(
    [
      `Wellspring needs Node 20.19 or newer; this is ${process.versions.node}.`,
      'Install it from https://nodejs.org and start again.',
    ],
    2,
  );
}

if (!isInstalled()) {
  const { lock } = await import('./lock.mjs');
  const held = await lock(join(root, '.install-lock'), (pid) => {
    process.stderr.write(`Another start (process ${pid}) is installing; waiting for it.\n`);
  });
  let failed;
  try {
    // The one we waited for has done it, unless it failed.
    if (!isInstalled()) {
      const before = wanted();
      process.stderr.write('Installing the dependencies from package-lock.json (once) …\n');
      const code = await install(held);
      if (code === 0) {
        mkdirSync(dirname(stamp), { recursive: true });
        writeFileSync(stamp, before);
      } else failed = `npm ci ended with ${code}`;
    }
  } catch (error) {
    failed = error.message;
  } finally {
    held.release();
  }
  if (failed) {
    refuse(
      [
        `Installing the dependencies failed: ${failed}.`,
        'Check the connection to the package registry and the free disk space, then start again; nothing has to be cleaned up.',
      ],
      1,
    );
  }
}
