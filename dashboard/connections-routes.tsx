import type { Hono } from 'hono';
import { madeHere } from '../app/connect.ts';
import { connectionNamed } from '../app/connect/describe.ts';
import { readOverview } from '../app/connect/overview.ts';
import type { Runtime } from '../app/runtime.ts';
import { maySee } from '../app/session.ts';
import type { SignIn } from '../app/sign-in.ts';
import { browserOf } from './browser.ts';
import { OverPage } from './choice.tsx';
import { ConnectedPage } from './connected.tsx';
import { addConnectionActions } from './connection-actions.tsx';
import { ConnectionsPage } from './connections.tsx';
import { type PageEnv, chosenPerson, visiblePeople } from './door.tsx';
import { NobodyPage } from './empty.tsx';
import { page } from './page.ts';

const SAID: Readonly<Record<string, string>> = {
  fetching: 'It is asked now. What is new appears with the next batch, within some minutes.',
  ended: 'It is disconnected. The data that came stay.',
};

/** `GET /connections`, and `GET /connected/{connection}`, where connecting ends. */
export function addConnections(app: Hono<PageEnv>, runtime: Runtime, signIn: SignIn, hasOutbox: boolean): void {
  app.get('/connections', async (c) => {
    const people = await visiblePeople(c, runtime);
    const user = await chosenPerson(c, runtime, people);
    if (user === undefined) return page(c, <NobodyPage hasOutbox={hasOutbox} />);
    const offered = await readOverview(runtime, user);
    const said = SAID[c.req.query('said') ?? ''];
    return page(c, <ConnectionsPage {...{ user, people, offered, hasOutbox, said }} />);
  });
  addConnectionActions(app, runtime, hasOutbox);

  app.get('/connected/:connection', async (c) => {
    const id = c.req.param('connection');
    const found = await signIn.identify(c);
    const ways = { signedIn: found.ok, hasOutbox };
    const described = await connectionNamed(runtime, id);
    const browser = browserOf(c, runtime);
    // Whoever used a ticket of the command line has no session.
    const wasHere = browser !== undefined && (await madeHere(runtime, id, browser));
    const isTheirs = found.ok && described !== undefined && maySee(found.viewer, described.connection.user_id);
    if (described === undefined || !(isTheirs || wasHere)) return page(c, <OverPage {...ways} />, 404);
    return page(c, <ConnectedPage described={described} firstFetchDays={runtime.firstFetchDays} {...ways} />);
  });
}
