import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readEnvelope } from '../../../app/envelope.ts';

/** What is wrong with the files below `raw/`: each must be a whole envelope whose data are what its name says. */
export function torn(dataDir: string): readonly string[] {
  return rawFiles(dataDir).flatMap((file) => {
    const wrong = wrongWith(relative(dataDir, file), readFileSync(file));
    return wrong === undefined ? [] : [`${file}: ${wrong}`];
  });
}

/** The files below `raw/`, read from the disk and not through the driver. */
export function rawFiles(dataDir: string): readonly string[] {
  return readdirSync(join(dataDir, 'raw'), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

const KEY =
  /^raw\/\d{4}-\d\d-\d\d\/(?<provider>[a-z]+)\/(?<account>a_[a-z2-7]+)\/(?<resource>\w+)-(?<sha256>[0-9a-f]{64})[.\d]*\.json$/;

function wrongWith(key: string, document: Buffer): string | undefined {
  const named = KEY.exec(key)?.groups;
  if (named === undefined) return 'no name of a raw object';
  try {
    JSON.parse(document.toString());
    const { attributes, data } = readEnvelope(document);
    const sha256 = createHash('sha256').update(data).digest('hex');
    const type = `${named['provider']}.${named['resource']}`;
    const stated = [attributes['sha256'], attributes['subject'], attributes['type']].join(' ');
    const expected = [named['sha256'], named['account'], type].join(' ');
    return sha256 === named['sha256'] && stated === expected ? undefined : `says ${stated}, its data are ${sha256}`;
  } catch (error) {
    return String(error);
  }
}
