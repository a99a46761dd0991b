import type { Hono } from 'hono';
import { consumeInvite, isInvited } from '../app/invite.ts';
import type { Runtime } from '../app/runtime.ts';
import type { SignIn } from '../app/sign-in.ts';
import type { ViewerEnv } from '../app/viewer.ts';
import { MessagePage } from './message.tsx';
import { page } from './page.ts';

const NOBODY = { signedIn: false, hasOutbox: false } as const;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** `GET` and `POST /join/{invite}`: a page with a button, so that only a person uses the invitation up. */
export function addJoin(app: Hono<ViewerEnv>, runtime: Runtime, signIn: SignIn): void {
  app.get('/join/:invite', async (c) => {
    const secret = c.req.param('invite');
    if (!SECRET.test(secret) || !(await isInvited(runtime, secret))) return page(c, <OverPage />, 404);
    const { ok: isTaken } = await signIn.identify(c);
    return page(
      c,
      <MessagePage title="You are invited" {...NOBODY}>
        <p>This opens your own pages in this browser for thirty days: your data, and your connections.</p>
        {isTaken && <p>Somebody is signed in here, perhaps you: whoever accepts takes their place.</p>}
        <form method="post" action={`/join/${secret}`} class="stack">
          <button type="submit" class="main">
            Open my pages
          </button>
        </form>
        <p class="quiet">The invitation works once.</p>
      </MessagePage>,
    );
  });

  app.post('/join/:invite', async (c) => {
    const secret = c.req.param('invite');
    if (!signIn.isPrivate(c)) return page(c, <InTheClearPage />, 403);
    const userId = SECRET.test(secret) ? await consumeInvite(runtime, secret) : undefined;
    if (userId === undefined) return page(c, <OverPage />, 404);
    await signIn.open(c, { role: 'person', userId });
    return c.redirect('/connections', 303);
  });
}

function OverPage() {
  return (
    <MessagePage title="This invitation has ended" {...NOBODY}>
      <p>It works once, within seven days. Ask the owner for another one.</p>
      <p class="quiet">
        <code>invite_over</code>
      </p>
    </MessagePage>
  );
}

function InTheClearPage() {
  return (
    <MessagePage title="This address is not private" {...NOBODY}>
      <p>It is plain http to another machine, so the invitation could be read on the way. Open it over https.</p>
      <p class="quiet">
        <code>not_private</code>
      </p>
    </MessagePage>
  );
}
