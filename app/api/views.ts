import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { findProvider, providers } from '../../providers/index.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { textOf } from '../cells.ts';
import { WellspringError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { status } from '../status.ts';
import { type ViewerEnv } from '../viewer.ts';
import { answers } from './answers.ts';
import { readPage, type RowSource } from './page.ts';
import { rangeOf } from './read-list.ts';
import { listQuery, viewList } from './schemas.ts';
import { fromReadings } from './sources.ts';
import { people } from './viewer.ts';

type View = NonNullable<Provider['views']>[string];

/** Adds `/api/v1/providers/{provider}/{view}` and, for every view a provider has, the short `/<provider>/<view>`. */
export function addViews(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  const anyView = z.object({ provider: z.string(), view: z.string() });
  const long = { provider: 'a provider', view: 'a view', path: '/api/v1/providers/{provider}/{view}', params: anyView };
  const short = Object.values(providers).flatMap((provider: Provider) =>
    Object.keys(provider.views ?? {}).map((view) => ({
      provider: provider.id,
      view,
      path: `/${provider.id}/${view}`,
      params: z.object({}),
    })),
  );
  for (const { path, provider, view, params } of [long, ...short]) {
    const route = createRoute({
      method: 'get',
      path,
      summary: `The published rows of ${provider}: ${view}, with freshness.`,
      request: { params, query: listQuery },
      responses: answers(viewList),
    });
    api.openapi(route, async (c) => {
      const named = { provider: c.req.param('provider') ?? provider, view: c.req.param('view') ?? view };
      const source = viewSource(runtime, named.provider, findView(named.provider, named.view));
      const query = c.req.valid('query');
      const users = (await people(c, runtime, query.user_id)).map((user) => user.user_id);
      const page = await readPage(source, { users, ...rangeOf(query) });
      const only = users.length === 1 ? users[0] : undefined;
      const freshness = (await status(runtime, only))
        .filter((row) => row.provider === named.provider && users.includes(row.user_id))
        .map(({ account, last_delivery, last_data_day, ...row }) => ({
          provider: row.provider,
          user_id: row.user_id,
          account,
          state: row.state,
          last_delivery,
          last_data_day,
          problem: row.problem,
          remedy: row.remedy,
        }));
      return c.json({ items: [...page.items], next_cursor: page.next_cursor, freshness }, 200);
    });
  }
}

function findView(provider: string, view: string): View {
  const views: Provider['views'] = findProvider(provider)?.views;
  const found = views !== undefined && Object.hasOwn(views, view) ? views[view] : undefined;
  if (found !== undefined) return found;
  throw new WellspringError({ code: 'unknown_view', message: 'There is no such view.', status: 404, exit: 2 });
}

/** The day values one provider won among the view's metrics, or its rows of a mart. */
function viewSource(runtime: Runtime, provider: string, view: View): RowSource {
  if ('mart' in view) {
    const isOurs = (row: Row) => row['provider'] === provider;
    return fromReadings((readings, range) => readings.meals(range), ['meal'], isOurs)(runtime);
  }
  const { metrics } = view;
  const isTheirs = (row: Row) =>
    (metrics === 'all' || metrics.includes(textOf(row['metric']))) &&
    textOf(row['winner_source']).split('/')[0] === provider;
  return fromReadings((readings, range) => readings.daily(range), ['metric'], isTheirs)(runtime);
}
