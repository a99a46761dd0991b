import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import * as z from 'zod';

const PYTHON = fileURLToPath(new URL('../../.python/bin/python', import.meta.url));
const SCRIPT = fileURLToPath(new URL('trino.py', import.meta.url));

const hasTrino = existsSync(PYTHON);

/** Tests that need SQL read as Trino reads it; without Python they are skipped, and with CI=true that is an error. */
export function describeTrino(title: string, register: () => void): void {
  const missing = 'sqlglot is not installed: run `node bin/python.mjs` (Python 3.11 with venv).';
  if (!hasTrino && process.env['CI'] === 'true') throw new Error(missing);
  if (!hasTrino) process.stderr.write(`Skipped: ${missing}\n`);
  describe.skipIf(!hasTrino)(title, register);
}

const answer = z.union([z.object({ duckdb: z.string() }), z.object({ error: z.string() })]);
export type Translation = z.infer<typeof answer>;

/** Columns by table, each with its type in Trino. */
export type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What Trino makes of a text, as `trino.py` knows it: one process for many questions. */
export interface Trino {
  /** The text in DuckDB's dialect, or why Trino (or we) would refuse it. Without `parameters` the places are left open. */
  translate(sql: string, tables: Tables, parameters?: readonly string[]): Promise<Translation>;
  stop(): void;
}

export function startTrino(): Trino {
  const child = spawn(PYTHON, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  // Answers come in the order of the questions.
  const waiting: { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  child.once('exit', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`The reader of SQL ended with ${code}.`));
  });
  return {
    async translate(sql, tables, parameters) {
      const line = new Promise<string>((resolve, reject) => waiting.push({ resolve, reject }));
      child.stdin.write(`${JSON.stringify({ sql, tables, parameters: parameters ?? null })}\n`);
      return answer.parse(JSON.parse(await line));
    },
    stop: () => void child.kill(),
  };
}
