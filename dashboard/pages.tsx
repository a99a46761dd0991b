import { Hono } from 'hono';
import { isDay } from '../app/days.ts';
import { WellspringError } from '../app/errors.ts';
import { explain } from '../app/explain.ts';
import { explainRow } from '../app/explain/row.ts';
import { readGoals } from '../app/goals/day.ts';
import { sameOrigin } from '../app/own-origin.ts';
import type { Runtime } from '../app/runtime.ts';
import { maySee } from '../app/session.ts';
import { createSignIn } from '../app/sign-in.ts';
import { readToday } from '../app/today.ts';
import { requireViewer, type ViewerEnv, viewerOf, visiblePeople, visiblePerson } from '../app/viewer.ts';
import { createAssets } from './assets.ts';
import { addConnect } from './connect.tsx';
import { addConnections } from './connections-routes.tsx';
import { chosenPerson, toSignIn } from './door.ts';
import { NobodyPage } from './empty.tsx';
import { NowherePage, errorPage } from './error.tsx';
import { ExplainPage } from './explain.tsx';
import { addJoin } from './join.tsx';
import { OutboxPage } from './outbox.tsx';
import { page } from './page.ts';
import { pageHeaders } from './security.ts';
import { RowPage } from './row.tsx';
import { addSignIn } from './sign-in-routes.tsx';
import { TodayPage } from './today.tsx';

const PAGES = ['/', '/outbox', '/explain/*', '/connections', '/connections/*'] as const;
/** They know who comes by other means than a session. */
const OPEN = ['/signin', '/signout', '/join/*', '/oauth/*', '/connected/*'] as const;

/** The pages: Today, Explain, connections, the morning texts and the sign-in, rendered here and served from this origin alone. */
export function createDashboard(runtime: Runtime): Hono<ViewerEnv> {
  const app = new Hono<ViewerEnv>();
  const signIn = createSignIn(runtime);
  const { mailbox } = runtime;
  const hasOutbox = mailbox !== undefined;

  app.onError((error, c) => errorPage(error, c, hasOutbox));
  app.route('/', createAssets());
  for (const path of [...PAGES, ...OPEN]) {
    app.use(path, pageHeaders());
    app.use(
      path,
      sameOrigin(() => runtime.publicUrl),
    );
  }
  addSignIn(app, signIn);
  addJoin(app, runtime, signIn);
  for (const path of PAGES) app.use(path, requireViewer(signIn, toSignIn));
  addConnect(app, runtime, signIn, hasOutbox);
  addConnections(app, runtime, signIn, hasOutbox);

  app.get('/', async (c) => {
    const people = await visiblePeople(c, runtime);
    const user = await chosenPerson(c, runtime, people);
    if (user === undefined) return page(c, <NobodyPage hasOutbox={hasOutbox} />);
    const today = await readToday(runtime, user, dayFrom(c.req.query('day')));
    const goals = await readGoals(runtime, user.user_id, today.day);
    return page(c, <TodayPage today={today} goals={goals} people={people} hasOutbox={hasOutbox} />);
  });

  app.get('/explain/:user/:day/:metric', async (c) => {
    const { user: id, day, metric } = c.req.param();
    const user = await visiblePerson(c, runtime, id);
    const explanation = await explain(runtime, { userId: user.user_id, day: dayFrom(day) ?? day, metric });
    return page(c, <ExplainPage user={user} explanation={explanation} hasOutbox={hasOutbox} />);
  });

  app.get('/explain/:table', async (c) => {
    const [table, key] = [c.req.param('table'), c.req.query('key') ?? ''];
    const explanation = await explainRow(runtime, { viewer: viewerOf(c), table, key });
    const whose = (await visiblePeople(c, runtime)).find((user) => user.user_id === explanation.row['user_id']);
    return page(c, <RowPage explanation={explanation} zone={whose?.zone ?? 'UTC'} hasOutbox={hasOutbox} />);
  });

  if (mailbox !== undefined) {
    app.get('/outbox', async (c) => {
      const people = await visiblePeople(c, runtime);
      const names = new Map(people.map((user) => [user.user_id, user.name]));
      const messages = (await mailbox.list()).filter(({ userId }) => maySee(viewerOf(c), userId));
      return page(c, <OutboxPage messages={messages} names={names} />);
    });
  }

  // What nobody else knows either: a browser gets a page, a program the problem of whoever comes last.
  app.get('*', pageHeaders(), async (c, next) => {
    if (!(c.req.header('accept') ?? '').includes('text/html')) return next();
    const { ok: signedIn } = await signIn.identify(c);
    return page(c, <NowherePage signedIn={signedIn} hasOutbox={hasOutbox} />, 404);
  });
  return app;
}

function dayFrom(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (isDay(text)) return text;
  throw new WellspringError({
    code: 'bad_day',
    message: 'There is no such day.',
    detail: 'A day is written YYYY-MM-DD and must exist.',
    status: 400,
    exit: 2,
  });
}
