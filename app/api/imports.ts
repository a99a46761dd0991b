import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Inbox } from '../../ports/inbox/inbox.ts';
import { WellspringError } from '../errors.ts';
import { giveAddress, handIn, putFile } from '../import/hand-in.ts';
import { type HandedIn, findUpload, standingOf } from '../import/upload.ts';
import { notFound, onError, problem } from '../problem.ts';
import type { Runtime } from '../runtime.ts';
import { maySee } from '../session.ts';
import { type ViewerEnv, viewerOf, visiblePerson } from '../viewer.ts';
import { answers, takes } from './answers.ts';
import { ownPages } from './own-pages.ts';

/** The largest file that comes with a request; what a form says beside it is little. */
const FORM_BYTES = 5_000_000;
const AROUND_BYTES = 64_000;

const said = {
  type: z.string().max(100).optional().openapi({ description: 'What a saved answer is, where it does not say so.' }),
  units: z.enum(['metric', 'imperial']).optional().openapi({ description: 'The unit of files that state none.' }),
  external_id: z.string().max(300).optional().openapi({ description: 'Which account of a file with several.' }),
};
const person = z.object({ user_id: z.string().optional() });

const started = z
  .object({ upload_id: z.string(), url: z.string().openapi({ description: 'Says what became of it, for a week.' }) })
  .openapi('ImportStarted');

const address = started
  .extend({
    put_url: z.string().openapi({ description: 'Put the file here, once.' }),
    headers: z.record(z.string(), z.string()).openapi({ description: 'Send these with it.' }),
    expires_at: z.string(),
  })
  .openapi('UploadAddress');

const became = z
  .object({
    upload_id: z.string(),
    provider: z.string(),
    user_id: z.string(),
    name: z.string(),
    asked_at: z.string(),
    state: z.enum(['waiting', 'importing', 'imported', 'refused']),
    report: z
      .object({ objects: z.number(), duplicates: z.number(), warnings: z.array(z.string()).readonly() })
      .nullable(),
    refusal: z.object({ code: z.string(), detail: z.string(), remedy: z.string().optional() }).nullable(),
  })
  .openapi('Upload');

/** Files to import: small ones with the request, large ones at an address of their own; they are imported by a worker, and `/uploads/{id}` says how it went. */
export function addImports(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  const { inbox } = runtime;
  if (inbox === undefined) return;
  for (const path of ['/api/v1/import/*', '/api/v1/uploads']) api.use(path, ownPages(runtime));
  api.use(
    '/api/v1/import/*',
    bodyLimit({ maxSize: FORM_BYTES + AROUND_BYTES, onError: (c) => onError(aboveForm(), c) }),
  );
  const whoOf = async (c: Context<ViewerEnv>, asked: string | undefined): Promise<string> => {
    const viewer = viewerOf(c);
    const own = viewer.role === 'person' ? viewer.userId : '';
    return (await visiblePerson(c, runtime, asked ?? own)).user_id;
  };
  const urlOf = ({ upload_id }: HandedIn): string => `${runtime.publicUrl}/api/v1/uploads/${upload_id}`;

  const file = z
    .custom<File>((value) => value instanceof File, 'must be a file')
    .openapi({ type: 'string', format: 'binary' });
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/import/{provider}',
      summary: 'Import an export file or a saved answer of up to 5 MB.',
      request: {
        params: z.object({ provider: z.string() }),
        query: person,
        body: { required: true, content: { 'multipart/form-data': { schema: z.object({ file, ...said }) } } },
      },
      responses: takes(started),
    }),
    async (c) => {
      const user_id = await whoOf(c, c.req.valid('query').user_id);
      const { file: given, ...more } = c.req.valid('form');
      if (given.size > FORM_BYTES) throw aboveForm();
      const { provider } = c.req.valid('param');
      const bytes = new Uint8Array(await given.arrayBuffer());
      const upload = await handIn({ ...runtime, inbox }, { provider, user_id, name: given.name, ...more }, bytes);
      return c.json({ upload_id: upload.upload_id, url: urlOf(upload) }, 202);
    },
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/uploads',
      summary: 'An address to put a large file to, for an import.',
      request: {
        query: person,
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z.object({
                provider: z.string(),
                name: z.string().min(1).max(300),
                bytes: z.number().int().positive().openapi({ description: 'How large the file is.' }),
                ...said,
              }),
            },
          },
        },
      },
      responses: takes(address),
    }),
    async (c) => {
      const user_id = await whoOf(c, c.req.valid('query').user_id);
      const { bytes, ...given } = c.req.valid('json');
      const { upload, url, headers, expires_at } = await giveAddress(
        { ...runtime, inbox },
        { user_id, ...given },
        bytes,
      );
      const until = new Date(expires_at).toISOString();
      return c.json(
        { upload_id: upload.upload_id, url: urlOf(upload), put_url: url, headers: { ...headers }, expires_at: until },
        202,
      );
    },
  );
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/uploads/{id}',
      summary: 'What became of a file that was handed in.',
      request: { params: z.object({ id: z.string() }) },
      responses: answers(became),
    }),
    async (c) => {
      const upload = await findUpload(runtime, c.req.valid('param').id);
      // Somebody else's is not told apart from none.
      if (upload === undefined || !maySee(viewerOf(c), upload.user_id)) throw unknownUpload();
      const { upload_id, provider, user_id, name, asked_at, report, refusal: why } = upload;
      const state = standingOf(upload, runtime.clock.now());
      const about = { upload_id, provider, user_id, name, asked_at: new Date(asked_at).toISOString() };
      return c.json({ ...about, state, report, refusal: why }, 200);
    },
  );
  addAddresses(api, runtime, inbox);
}

/** Where files are put to on this server: the address is the proof. In the cloud it is the bucket's own. */
function addAddresses(api: OpenAPIHono<ViewerEnv>, runtime: Runtime, inbox: Inbox): void {
  if (inbox.link !== undefined) return;
  api.put('/uploads/:secret', async (c) => {
    const outcome = await putFile({ ...runtime, inbox }, c.req.param('secret'), blocksOf(c.req.raw.body));
    if (outcome === 'kept') return c.body(null, 204);
    if (outcome === undefined) return notFound(c);
    if (outcome === 'too_large')
      return problem(c, { status: 413, code: 'too_large_here', title: 'The file is too large.' });
    return problem(c, { status: 409, code: 'address_used', title: 'A file was put here already.' });
  });
}

async function* blocksOf(body: ReadableStream<Uint8Array> | null): AsyncIterable<Uint8Array> {
  yield* body ?? [];
}

function aboveForm(): WellspringError {
  return new WellspringError({
    code: 'too_large',
    message: 'The file is too large to come with the request.',
    detail: 'Up to 5 MB come with it.',
    remedy: 'Ask POST /api/v1/uploads for an address, and put the file there.',
    status: 413,
  });
}

function unknownUpload(): WellspringError {
  return new WellspringError({ code: 'unknown_upload', message: 'There is no such file, or it is gone.', status: 404 });
}
