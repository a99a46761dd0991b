import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';

const CHILD = fileURLToPath(new URL('lambda.child.mjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const answer = z.object({ value: z.unknown().optional(), error: z.string().optional(), ms: z.number() });
export type Answered = z.output<typeof answer>;

/** What a function behind the HTTP API answers. */
export const httpAnswer = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  cookies: z.array(z.string()).optional(),
});

export interface Lambda {
  call(event: unknown): Promise<Answered>;
  /** Everything it wrote to its log so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Bundles of the functions in a directory of their own: `build.out/<function>/index.mjs`. */
export interface Bundles {
  readonly out: string;
  readonly printed: string;
  readonly code: number;
  remove(): Promise<void>;
}

/** Runs bin/build.mjs as `npm run build` does. */
export async function build(...names: readonly string[]): Promise<Bundles> {
  const out = await mkdtemp(join(tmpdir(), 'wellspring-bundles-'));
  const child = spawn(process.execPath, ['bin/build.mjs', out, ...names], { cwd: ROOT });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)));
  return { out, printed, code, remove: () => rm(out, { recursive: true, force: true }) };
}

/** A function in a fresh process, with these variables and no others. */
export function start(out: string, name: string, environment: Readonly<Record<string, string>>): Lambda {
  const file = pathToFileURL(join(out, name, 'index.mjs')).href;
  // DuckDB in a bundle is that of Lambda's machines: this machine's own is found here.
  const native = existsSync(join(out, name, 'node_modules')) ? { NODE_PATH: join(ROOT, 'node_modules') } : {};
  const env = { PATH: process.env['PATH'], ...native, ...environment };
  const child = spawn(process.execPath, [CHILD, file], { env });
  let log = '';
  const waiting: ((answered: Answered) => void)[] = [];
  const early: Answered[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith('=> ')) {
      log += `${line}\n`;
      return;
    }
    const answered = answer.parse(JSON.parse(line.slice(3)));
    const next = waiting.shift();
    if (next === undefined) early.push(answered);
    else next(answered);
  });
  child.stderr.on('data', (bytes: Buffer) => (log += bytes.toString()));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    call(event) {
      const kept = early.shift();
      if (kept !== undefined) return Promise.resolve(kept);
      child.stdin.write(`${JSON.stringify(event)}\n`);
      return new Promise((resolve) => waiting.push(resolve));
    },
    log: () => log,
    async stop() {
      child.stdin.end();
      child.kill();
      await ended;
    },
  };
}

export interface RequestParts {
  readonly body?: string;
  /** Whether the API hands the body over in base64, as it does where it is no text. */
  readonly base64?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly cookies?: readonly string[];
}

/** A request as the HTTP API hands it over, payload format 2.0. */
export function request(
  method: string,
  path: string,
  { body, headers = {}, base64 = false, query = '', cookies }: RequestParts = {},
): object {
  return {
    version: '2.0',
    routeKey: 'ANY /webhooks/{provider}',
    rawPath: path,
    rawQueryString: query,
    cookies,
    headers: { host: 'abc123.execute-api.us-east-1.amazonaws.com', 'x-forwarded-proto': 'https', ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      authentication: null,
      authorizer: {},
      domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'made-up' },
      requestId: 'r1',
      routeKey: 'ANY /webhooks/{provider}',
      stage: '$default',
      time: '21/Nov/2026:06:00:00 +0000',
      timeEpoch: 1,
    },
    body: body === undefined ? undefined : base64 ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: base64,
  };
}
