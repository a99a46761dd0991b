import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/directory.ts';

// The Pythons are made up: scripts that say a version, and make of `-m venv` a folder whose `pip` does as it is told.

/** A Python of that version; `venv` and `pip` are how these two end. */
interface Made {
  readonly version: string;
  readonly venv?: number;
  readonly pip?: number;
}

const script = ({ version, venv = 0, pip = 0 }: Made): string => `#!/bin/sh
if [ "$1" = --version ]; then echo 'Python ${version}'; exit 0; fi
[ ${venv} = 0 ] || exit ${venv}
/bin/mkdir -p "$3/bin"
echo made by ${version} > "$3/bin/python"
printf '#!/bin/sh\\nexit ${pip}\\n' > "$3/bin/pip"
/bin/chmod +x "$3/bin/pip"
`;

/** A bare copy of the step on a machine whose path holds these Pythons by name and nothing else. */
function machine(pythons: Readonly<Record<string, Made>>) {
  const root = temporaryDirectory();
  const folder = join(root, 'path');
  for (const one of ['bin', 'test', 'test/python', 'path']) mkdirSync(join(root, one));
  copyFileSync('bin/python.mjs', join(root, 'bin', 'python.mjs'));
  copyFileSync('test/python/requirements.txt', join(root, 'test', 'python', 'requirements.txt'));
  for (const [name, made] of Object.entries(pythons)) {
    writeFileSync(join(folder, name), script(made));
    chmodSync(join(folder, name), 0o755);
  }
  return {
    root,
    setUp: (environment: Readonly<Record<string, string>> = {}) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'python.mjs')], {
        env: { PATH: folder, ...environment },
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    },
    isMade: () => existsSync(join(root, '.python', '.installed')),
  };
}

const SKIPPED = 'so test:aws (AWS as moto plays it), test:spark and test:engines are skipped';

test('without Python it says what is missing, what to install and which tests are skipped; only with CI=true that is a failure', () => {
  const { setUp, isMade } = machine({});
  const said = setUp();
  expect([said.status, said.stdout, isMade()]).toEqual([0, '', false]);
  expect(said.stderr).toContain(`No Python 3.11 or newer was found, ${SKIPPED}`);
  expect(said.stderr).toContain('Install Python 3.11 (Debian: apt-get install python3 python3-venv)');
  expect(setUp({ CI: 'true' }).status).toBe(1);
});

test.each(['3.10.13', '3.8.18', '2.7.18'])(
  'Python %s is too old: it is named, and nothing is made with it',
  (version) => {
    const { setUp, isMade, root } = machine({ python3: { version } });
    const { status, stderr } = setUp();
    expect(stderr).toContain(`No Python 3.11 or newer was found (python3 is ${version}), ${SKIPPED}`);
    expect([status, isMade(), existsSync(join(root, '.python'))]).toEqual([0, false, false]);
  },
);

test('of several Pythons one that suits is taken, whatever python3 is, and only once', () => {
  const { setUp, isMade } = machine({ python3: { version: '3.9.2' }, 'python3.11': { version: '3.11.7' } });
  expect(setUp().stderr).toBe('Installing moto, PySpark and sqlglot into .python with Python 3.11.7 (once) …\n');
  expect(isMade()).toBe(true);
  expect(setUp()).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('a Python that is newer suits', () => {
  const { setUp, isMade } = machine({ python3: { version: '3.13.0rc1' } });
  expect([setUp().status, isMade()]).toEqual([0, true]);
});

test('a Python that makes no virtual environment, and packages that cannot be had, are told by what helps', () => {
  const bare = machine({ python3: { version: '3.11.2', venv: 1 } });
  expect(bare.setUp().stderr).toContain(`python3 (3.11.2) could not make a virtual environment, ${SKIPPED}`);
  expect(bare.setUp({ CI: 'true' }).status).toBe(1);
  const offline = machine({ python3: { version: '3.11.2', pip: 1 } });
  expect(offline.setUp().stderr).toMatch(/packages of .*requirements\.txt could not be installed.*package registry/);
  expect([bare.isMade(), offline.isMade()]).toEqual([false, false]);
});
