import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, onTestFinished, test, vi } from 'vitest';
import { rebuildThere } from '../../../local/cli/rebuild-stack.ts';
import type { StackOutputs } from '../../../local/stack/outputs.ts';

const CELL = { user_id: 'u_anna', local_date: '2026-11-17', metric: 'steps', column: 'value', before: 1, after: 1700 };
const KEY = 'runs/b_1/changed/daily_metrics.ndjson';
const FOUND = `<?xml version="1.0"?><ListBucketResult><Contents><Key>${KEY}</Key></Contents></ListBucketResult>`;
const stack = {
  url: 'https://health.example.org',
  rawBucket: 'raw',
  lakeBucket: 'lake',
  athenaWorkgroup: 'w',
  athenaDatabase: 'd',
  glueWorkflow: 'w-dev-transform',
  busName: 'w-dev',
  summaryTopicArn: 'arn:summary',
  ownerTokenSecretArn: 'arn:owner',
  engine: 'small',
} as const satisfies StackOutputs;

/** AWS with one run of the workflow, which has ended with these figures. */
async function aws(figures: Readonly<Record<string, string>>) {
  const asked: unknown[] = [];
  const app = new Hono()
    .post('/', async (c) => {
      asked.push(await c.req.json());
      const starts = c.req.header('x-amz-target') === 'AWSGlue.StartWorkflowRun';
      return c.json(starts ? { RunId: 'wr_1' } : { Run: { Status: 'COMPLETED', WorkflowRunProperties: figures } });
    })
    .get('/lake/', (c) => c.body(FOUND, 200, { 'content-type': 'application/xml' }))
    .get(`/lake/${KEY}`, (c) => c.body(`${JSON.stringify({ row: CELL })}\n`));
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => resolve(info.port));
    onTestFinished(() => void server.close());
  });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'made-up').stubEnv('AWS_SECRET_ACCESS_KEY', 'made-up');
  onTestFinished(() => void vi.unstubAllEnvs());
  const connection = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', attempts: 1 };
  return { asked, server: { url: stack.url, token: 'x', stack, connection } };
}

/** What a command is given of its context, and what it printed. */
function terminal() {
  const printed: { value?: object; text?: string } = {};
  return {
    printed,
    context: {
      terminal: { interrupted: new AbortController().signal },
      say: () => undefined,
      print: (value: object, text: string) => void Object.assign(printed, { value, text }),
    },
  };
}

test.each(['small', 'spark'] as const)(
  'a dry run of engine %s prints rows by table and cells by row',
  async (engine) => {
    const figures = {
      small_outcome: 'compared',
      small_batch_id: 'b_1',
      small_objects: '5',
      small_changed_daily_metrics: '1',
    };
    const [{ asked, server }, { printed, context }] = [await aws(figures), terminal()];
    await rebuildThere({ ...server, stack: { ...stack, engine } }, { dryRun: true }, context);
    expect(asked).toEqual([
      { Name: 'w-dev-transform', RunProperties: { rebuild: 'dry-run' } },
      { Name: 'w-dev-transform', RunId: 'wr_1' },
    ]);
    expect(printed.value).toEqual({
      objects: 5,
      tables: { daily_metrics: { added: 0, changed: 1, removed: 0 } },
      changes: [{ table: 'daily_metrics', ...CELL }],
    });
    expect(printed.text).toMatch(/^daily_metrics +0 +1 +0$/m);
    expect(printed.text).toMatch(/^daily_metrics +u_anna 2026-11-17 steps +value +1 +1700$/m);
  },
);

test('a rebuild prints what it changed, and that nothing changed', async () => {
  const { printed, context } = terminal();
  const figures = { small_outcome: 'published', small_batch_id: 'b_1', small_objects: '5', small_tables_meals: '2' };
  await rebuildThere((await aws(figures)).server, { dryRun: false }, context);
  expect(printed.text).toBe('Rebuilt from 5 objects:\nmeals: 2 rows');
  await rebuildThere((await aws({ small_outcome: 'idle' })).server, { dryRun: false }, context);
  expect(printed).toEqual({ value: { batch_id: null, objects: 0, tables: {} }, text: 'Nothing changed.' });
});

test.each([
  ['an older stack', { ...stack, engine: undefined }, undefined, 'stack_not_up'],
  ['a server that is no stack', undefined, undefined, 'not_remote'],
  ['a part of the days', stack, '2026-11-01', 'not_remote'],
])('%s is refused before anything is asked', async (_, outputs, from, code) => {
  const { asked, server } = await aws({});
  const { url, token, connection } = server;
  const there = { url, token, connection, ...(outputs && { stack: outputs }) };
  await expect(rebuildThere(there, { dryRun: true, from }, terminal().context)).rejects.toMatchObject({
    code,
    exit: 2,
  });
  expect(asked).toEqual([]);
});
