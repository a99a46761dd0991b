import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { WellspringError } from '../errors.ts';
import { begin } from '../forget/begin.ts';
import { receiptOf } from '../forget/receipt.ts';
import { listTombstones } from '../forget/tombstone.ts';
import { sha256Hex } from '../keys.ts';
import { notFound } from '../problem.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, visiblePerson } from '../viewer.ts';
import { hand } from '../work.ts';
import { accepts } from './answers.ts';
import { sessionOnly } from './session-only.ts';

const begun = z
  .object({ user_id: z.string(), receipt_url: z.string().openapi({ description: 'Says what became of it; keep it.' }) })
  .openapi('ForgetStarted');

const PATH = '/api/v1/users/{id}';

/** Forgets a person: themself, or anybody for the owner. Answers once nothing new is kept of them; the rest goes on by itself. */
export function addUsers(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  api.openapi(
    createRoute({
      method: 'delete',
      path: PATH,
      summary: 'Delete everything of a person, everywhere. Cannot be undone.',
      middleware: sessionOnly(runtime),
      request: {
        params: z.object({ id: z.string() }),
        body: {
          required: true,
          content: { 'application/json': { schema: z.object({ confirm: z.string() }) } },
        },
      },
      responses: accepts(begun),
    }),
    async (c) => {
      const user = await visiblePerson(c, runtime, c.req.valid('param').id);
      if (c.req.valid('json').confirm !== user.name) throw notConfirmed();
      const secret = runtime.ids.secret(32);
      await begin(runtime, user.user_id, sha256Hex(secret));
      // The tombstone is what counts: whoever looks next goes on from it, whether or not anybody takes this up now.
      await hand(runtime, { kind: 'forget', user_id: user.user_id }).catch(() =>
        runtime.counters?.count('wellspring', 'forget_not_handed'),
      );
      return c.json({ user_id: user.user_id, receipt_url: `${runtime.publicUrl}/receipts/${secret}` }, 202);
    },
  );
  // Whoever is forgotten cannot sign in any more: the address itself is the proof.
  api.get('/receipts/:secret', async (c) => {
    const hash = sha256Hex(c.req.param('secret'));
    const found = (await listTombstones(runtime.state)).find(({ receipt }) => receipt === hash);
    if (found === undefined) return notFound(c);
    c.header('Cache-Control', 'no-store');
    return c.json({ schema_version: 1, receipt: receiptOf(found) });
  });
}

function notConfirmed(): WellspringError {
  return new WellspringError({
    code: 'not_confirmed',
    message: 'Nothing was deleted.',
    remedy: 'Send {"confirm": "<the name as it is written>"}.',
    status: 400,
    exit: 2,
  });
}
