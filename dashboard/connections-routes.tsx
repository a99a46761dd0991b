import type { Context, Hono } from 'hono';
import { madeHere, pendingChoice } from '../app/connect.ts';
import { connectionNamed } from '../app/connect/describe.ts';
import { type Offered, readOverview } from '../app/connect/overview.ts';
import { failedExports } from '../app/export/asked.ts';
import type { User } from '../app/people.ts';
import type { Runtime } from '../app/runtime.ts';
import { maySee } from '../app/session.ts';
import type { SignIn } from '../app/sign-in.ts';
import { type ViewerEnv, visiblePeople } from '../app/viewer.ts';
import { browserOf } from './browser.ts';
import { OverPage } from './choice.tsx';
import { ConnectedPage } from './connected.tsx';
import { addConnectionActions } from './connection-actions.tsx';
import { ConnectionsPage } from './connections.tsx';
import { chosenPerson } from './door.ts';
import { NobodyPage } from './empty.tsx';
import { page } from './page.ts';

const SAID: ReadonlyMap<string, string> = new Map(
  Object.entries({
    fetching: 'It is asked now. What is new appears with the next batch, within some minutes.',
    ended: 'It is disconnected. The data that came stay.',
    ended_untold:
      'It is disconnected, and the data that came stay. The provider could not be told: end the access in the account there, too.',
  }),
);

/** `GET /connections`, and `GET /connected/{connection}`, where connecting ends. */
export function addConnections(app: Hono<ViewerEnv>, runtime: Runtime, signIn: SignIn, hasOutbox: boolean): void {
  app.get('/connections', async (c) => {
    const people = await visiblePeople(c, runtime);
    const user = await chosenPerson(c, runtime, people);
    if (user === undefined) return page(c, <NobodyPage hasOutbox={hasOutbox} />);
    const offered = await readOverview(runtime, user);
    const questions = await questionsAt(c, user, offered);
    const failed = await failedExports(runtime, user.user_id);
    const said = SAID.get(c.req.query('said') ?? '');
    return page(c, <ConnectionsPage {...{ user, people, offered, questions, hasOutbox, failed, said }} />);
  });
  addConnectionActions(app, runtime, hasOutbox);

  async function questionsAt(c: Context, user: User, offered: readonly Offered[]): Promise<ReadonlySet<string>> {
    const browser = browserOf(c, runtime);
    const found = new Set<string>();
    if (browser === undefined) return found;
    for (const { provider, access } of offered) {
      const choice = access === 'offered' ? await pendingChoice(runtime, provider, browser) : undefined;
      if (choice?.connection.user_id === user.user_id) found.add(provider);
    }
    return found;
  }

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
