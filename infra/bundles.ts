import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import * as z from 'zod';
import type { FunctionName } from '../handlers/environment.ts';

// `dist/` is looked for in the working folder, where Pulumi runs the program: a test changes into a folder with a small one of its own.

/** What `npm run build` wrote: a folder for each function, and a file for each thing the jobs read; `sha256` of the bytes names it in S3. */
const manifest = z.record(z.string(), z.object({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }));

/** What the jobs of the transform are made of. */
export const jobFiles = ['silver.py', 'gold.py', 'small.py', 'erase.py', 'wellspring.zip', 'models.zip'] as const;
export type JobFile = (typeof jobFiles)[number];

const FUNCTIONS: Readonly<Record<FunctionName, true>> = {
  receive: true,
  web: true,
  collect: true,
  import: true,
  readings: true,
  summarize: true,
  sweep: true,
  forget: true,
  export: true,
  transform: true,
};

export interface Built {
  readonly file: string;
  readonly sha256: string;
}

/** The built parts by name; every one of them is there. */
export interface Bundles {
  file(name: JobFile): Built;
  archive(name: FunctionName): pulumi.asset.Archive;
}

/** Reads `dist/manifest.json`; throws a `RunError` that names what is not built, before anything is made. */
export function readBundles(folder = 'dist'): Bundles {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) throw new pulumi.RunError(`Nothing is built: there is no ${path}. Run: npm run build`);
  const built = new Map(Object.entries(manifest.parse(JSON.parse(readFileSync(path, 'utf8')))));
  const missing = [...Object.keys(FUNCTIONS), ...jobFiles].filter((name) => !built.has(name));
  if (missing.length > 0) throw new pulumi.RunError(`${folder} lacks ${missing.join(', ')}. Run: npm run build`);
  const find = (name: FunctionName | JobFile): Built => {
    const { file = '', sha256 = '' } = built.get(name) ?? {};
    return { file: resolve(folder, file), sha256 };
  };
  return {
    file: find,
    // The folder whole: beside `index.mjs` lies what pages and API read while they run.
    archive: (name) => new pulumi.asset.FileArchive(find(name).file),
  };
}
