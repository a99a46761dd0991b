import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { choose } from '../app/collect.ts';
import { connectionNamed } from '../app/connect/describe.ts';
import { disconnect, isUntold } from '../app/connections.ts';
import { WellspringError } from '../app/errors.ts';
import { importFiles } from '../app/import.ts';
import type { Runtime } from '../app/runtime.ts';
import { forbidden, type ViewerEnv, visiblePerson } from '../app/viewer.ts';
import { hand } from '../app/work.ts';
import { ImportedPage, PartingPage } from './connection-pages.tsx';
import { page } from './page.ts';

const MOST_BYTES = 50_000_000;

const back = (userId: string, said: string): string =>
  `/connections?user_id=${encodeURIComponent(userId)}&said=${said}`;

/** What the buttons of the Connections page do: fetch now, end a connection (asked once more), import a file. */
export function addConnectionActions(app: Hono<ViewerEnv>, runtime: Runtime, hasOutbox: boolean): void {
  app.post('/connections/fetch', async (c) => {
    const form = await c.req.parseBody();
    const { user_id: userId } = await visiblePerson(c, runtime, textIn(form, 'user_id'));
    const provider = textIn(form, 'provider');
    await choose(runtime, { provider, userId });
    await hand(runtime, { kind: 'collect', provider, user_id: userId });
    return c.redirect(back(userId, 'fetching'), 303);
  });

  app.get('/connections/end/:connection', async (c) => {
    const { connection, name } = await theirs(c.req.param('connection'));
    const user = await visiblePerson(c, runtime, connection.user_id);
    return page(c, <PartingPage connection={connection} name={name} user={user} hasOutbox={hasOutbox} />);
  });

  app.post('/connections/end/:connection', async (c) => {
    const { connection } = await theirs(c.req.param('connection'));
    const user = await visiblePerson(c, runtime, connection.user_id);
    const { provider, external_id: externalId } = connection;
    const parted = await disconnect(runtime, { provider, user, externalId });
    return c.redirect(back(user.user_id, parted.some(isUntold) ? 'ended_untold' : 'ended'), 303);
  });

  app.post('/connections/import', bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge }), async (c) => {
    const form = await c.req.parseBody();
    const user = await visiblePerson(c, runtime, textIn(form, 'user_id'));
    const { file } = form;
    if (!(file instanceof File) || file.size === 0) throw missing('file');
    const files = [{ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }];
    const report = await importFiles(runtime, { provider: textIn(form, 'provider'), user, files });
    const status = report.refused.length > 0 ? 422 : 200;
    return page(c, <ImportedPage report={report} user={user} hasOutbox={hasOutbox} />, status);
  });

  async function theirs(id: string) {
    const found = await connectionNamed(runtime, id);
    if (found !== undefined) return found;
    // Whoever may not look learns nothing of what there is.
    throw forbidden();
  }
}

function textIn(form: Readonly<Record<string, unknown>>, name: string): string {
  const value = form[name];
  if (typeof value === 'string' && value !== '') return value;
  throw missing(name);
}

function missing(name: string): WellspringError {
  return new WellspringError({ code: 'incomplete_form', message: `The form has no ${name}.`, status: 400, exit: 2 });
}

function tooLarge(): never {
  throw new WellspringError({
    code: 'too_large',
    message: 'The file is larger than 50 MB.',
    remedy: 'Larger ones go in on the machine itself: wellspring import <provider> <file> --user <name>',
    status: 413,
  });
}
