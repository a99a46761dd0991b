// Finds the Java that the tests start Spark with and prints its path: that of JAVA_HOME, then the first on the path that Spark 3.5 with Iceberg
// runs on. Where there is none it says what was found, what to install and what is skipped meanwhile; with CI=true that is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Spark 3.5 runs on 8, 11 and 17, Iceberg 1.10 is compiled for 11; Glue has 17. */
const SUITS = [11, 17];
const JAVA = process.platform === 'win32' ? 'java.exe' : 'java';

/** The version a Java says of itself (`17.0.15`; up to 8: `1.8.0_301`); undefined when it does not start, as on a Mac without one. */
function versionOf(java) {
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  return /version "([\d._]+)/.exec(stderr ?? '')?.[1];
}

const majorOf = (version) => Number(/^(?:1\.)?(\d+)/.exec(version)?.[1]);

const named = process.env.JAVA_HOME ? [join(process.env.JAVA_HOME, 'bin', JAVA)] : [];
const onPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter(Boolean)
  .map((folder) => join(folder, JAVA));

const others = [];
let found;
for (const java of [...named, ...onPath].filter((file) => existsSync(file))) {
  const version = versionOf(java);
  if (version === undefined) continue;
  if (SUITS.includes(majorOf(version))) {
    found = java;
    break;
  }
  others.push(`${java} is ${version}`);
}

if (found === undefined) {
  const seen =
    others.length === 0 ? 'No Java was found' : `No Java ${SUITS.join(' or ')} was found (${others.join(', ')})`;
  process.stderr.write(
    `${seen}, so test:spark and test:engines are skipped, test:parity and test:killed-jobs fail, and bench:engines has no rows of Spark. ` +
      'Install Java 17 (Debian: apt-get install openjdk-17-jre-headless), put it on the path or name it (JAVA_HOME=/path/to/java), and start again.\n',
  );
  process.exitCode = process.env.CI === 'true' ? 1 : 0;
} else {
  process.stdout.write(`${found}\n`);
}
