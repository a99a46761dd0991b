import type { Context, Hono } from 'hono';
import { arrive, choose, pendingChoice, start } from '../app/connect.ts';
import type { Completed } from '../app/connect/complete.ts';
import { oauthProvider } from '../app/connect/setup.ts';
import { findUser } from '../app/people.ts';
import type { Runtime } from '../app/runtime.ts';
import type { SignIn } from '../app/sign-in.ts';
import type { ViewerEnv } from '../app/viewer.ts';
import { browserOf, markBrowser } from './browser.ts';
import { RefusedPage } from './callback.tsx';
import { ChoicePage, OverPage } from './choice.tsx';
import { LedPage } from './led.tsx';
import { page } from './page.ts';
import { REFUSALS } from './refusals.ts';
import { signInFirst, starter } from './starter.ts';

/** `GET /oauth/{provider}/start` and `/callback`, and the question about another account, `/oauth/{provider}/choice`. */
export function addConnect(app: Hono<ViewerEnv>, runtime: Runtime, signIn: SignIn, hasOutbox: boolean): void {
  const waysOf = async (c: Context) => ({ signedIn: (await signIn.identify(c)).ok, hasOutbox });

  const answer = async (c: Context, completed: Completed, provider: { readonly id: string; readonly name: string }) => {
    // 303, to an address without the code: it stays out of the history, and no form is sent again.
    c.header('Cache-Control', 'no-store');
    if (completed.kind === 'connected') return c.redirect(`/connected/${completed.connectionId}`, 303);
    if (completed.kind === 'choice') return c.redirect(`/oauth/${provider.id}/choice`, 303);
    const { code } = completed;
    return page(c, <RefusedPage code={code} name={provider.name} {...await waysOf(c)} />, REFUSALS[code].status);
  };

  app.get('/oauth/:provider/start', async (c) => {
    // A preview (HEAD) starts nothing.
    if (c.req.method !== 'GET') return c.body(null, 204);
    const { id: provider, name } = oauthProvider(c.req.param('provider'));
    const who = await starter(c, runtime, signIn, provider);
    if (who === undefined) return signInFirst(c);
    if (who.isLed === true) {
      const user = await findUser(runtime, who.userId);
      return page(c, <LedPage provider={provider} name={name} user={user} {...await waysOf(c)} />);
    }
    const browser = markBrowser(c, runtime);
    const address = await start(runtime, { provider, browser, ...who });
    c.header('Cache-Control', 'no-store');
    return c.redirect(address, 302);
  });

  app.get('/oauth/:provider/callback', async (c) => {
    if (c.req.method !== 'GET') return c.body(null, 204);
    const provider = oauthProvider(c.req.param('provider'));
    const { search } = new URL(c.req.url);
    return answer(c, await arrive(runtime, provider, { search, browser: browserOf(c, runtime) }), provider);
  });

  app.get('/oauth/:provider/choice', async (c) => {
    const { id, name } = oauthProvider(c.req.param('provider'));
    const browser = browserOf(c, runtime);
    const choice = browser === undefined ? undefined : await pendingChoice(runtime, id, browser);
    const ways = await waysOf(c);
    if (choice === undefined) return page(c, <OverPage {...ways} />, 404);
    return page(c, <ChoicePage choice={choice} name={name} {...ways} />);
  });

  app.post('/oauth/:provider/choice', async (c) => {
    const provider = oauthProvider(c.req.param('provider'));
    const form = await c.req.parseBody();
    const browser = browserOf(c, runtime);
    const [id, said] = [form['choice'], form['answer']];
    const isWhole = browser !== undefined && typeof id === 'string' && (said === 'add' || said === 'keep');
    const chosen = isWhole ? await choose(runtime, browser, { id, add: said === 'add' }) : undefined;
    if (chosen === undefined || chosen.kind === 'over') return page(c, <OverPage {...await waysOf(c)} />, 404);
    return chosen.kind === 'kept_as_it_was' ? c.redirect('/connections', 303) : answer(c, chosen, provider);
  });
}
