import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { environments } from '../../handlers/environment.ts';
import { jobFiles } from '../../infra/bundles.ts';
import type { Stack } from '../../infra/rules/rule.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHILD = fileURLToPath(new URL('stack.child.ts', import.meta.url));

const recording = z.object({
  resources: z.array(
    z.object({
      type: z.string(),
      name: z.string(),
      urn: z.string(),
      parent: z.string(),
      custom: z.boolean(),
      opts: z.object({ protect: z.boolean(), retainOnDelete: z.boolean(), ignoreChanges: z.array(z.string()) }),
      props: z.record(z.string(), z.unknown()),
      /** Paths of what the program marked as secret. */
      secrets: z.array(z.string()),
    }),
  ),
  /** Absent when the program refused. */
  outputs: z.record(z.string(), z.object({ value: z.unknown().optional(), secret: z.boolean() })).optional(),
  refused: z.object({ kind: z.enum(['RunError', 'Error']), message: z.string() }).optional(),
});

/** One run of the program: what it asked for, and what it gave out or why it refused. */
export interface Recording extends Stack, z.output<typeof recording> {
  readonly resources: z.output<typeof recording>['resources'];
}

/** A line of the program written differently. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Run {
  /** Keys of the stack without the project's name. */
  readonly config?: Readonly<Record<string, string>>;
  readonly stack?: string;
  /** Outputs of resources are unknown, as in `pulumi preview`. */
  readonly preview?: boolean;
  readonly edit?: Edit;
}

const PROJECT = 'wellspring';

/**
 * Runs `index.ts` in a process of its own against mocks and gives back every resource it asked for. Nothing is built for it: the bundles
 * are made up. Pulumi's runtime is one for a whole process, so that every configuration needs its own.
 */
export async function recordStack({
  config = {},
  stack = 'prod',
  preview = false,
  edit,
}: Run = {}): Promise<Recording> {
  const tree = mkdtempSync(join(tmpdir(), 'stack-'));
  plantTree(tree, edit);
  const program = join(tree, 'index.ts');
  try {
    const ended = await run(tree, JSON.stringify({ program, project: PROJECT, stack, preview, config }));
    const written = join(tree, 'recording.json');
    const made = recording.safeParse(existsSync(written) ? JSON.parse(readFileSync(written, 'utf8')) : undefined);
    // Pulumi ends a program that refused with 1, for what it left undone; any other 1 is a promise nobody waited for.
    if (!made.success || (ended.code !== 0 && made.data.refused === undefined))
      throw new Error(`The program ended with ${ended.code}. ${ended.said}`);
    return { project: PROJECT, stack, ...made.data };
  } finally {
    rmSync(tree, { recursive: true });
  }
}

/** The child's end; it writes its recording into the folder, because a pipe is cut off where a process ends itself. */
function run(cwd: string, asked: string): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', CHILD], { cwd }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, said: out + err }),
    );
    child.stdin?.end(asked);
  });
}

/** The program in a folder of its own beside made-up bundles, which it looks for in its working folder. */
function plantTree(root: string, edit: Edit | undefined): void {
  for (const part of [
    'node_modules',
    'package.json',
    'tsconfig.json',
    'app',
    'handlers',
    'models',
    'providers',
    'ports',
  ]) {
    symlinkSync(join(ROOT, part), join(root, part));
  }
  cpSync(join(ROOT, 'index.ts'), join(root, 'index.ts'));
  if (edit === undefined) symlinkSync(join(ROOT, 'infra'), join(root, 'infra'));
  else cpSync(join(ROOT, 'infra'), join(root, 'infra'), { recursive: true });
  if (edit !== undefined) change(join(root, edit.file), edit);
  const built = [...Object.keys(environments), ...jobFiles];
  mkdirSync(join(root, 'dist'));
  const manifest = Object.fromEntries(built.map((name) => [name, { file: name, sha256: '0'.repeat(64) }]));
  writeFileSync(join(root, 'dist', 'manifest.json'), JSON.stringify(manifest));
}

function change(path: string, { from, to }: Edit): void {
  const text = readFileSync(path, 'utf8');
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} places like: ${from}`);
  writeFileSync(path, parts.join(to));
}
