import type { World } from '../world.ts';
import type { Grant } from '../ledger.ts';
import { failed, ok } from './answer.ts';
import { APPLIS } from './scope.ts';

type Form = Readonly<Record<string, string>>;

export interface Subscription {
  readonly externalId: string;
  readonly appli: string;
  readonly callbackurl: string;
  readonly comment: string;
}

/** Who asked to be told what: one subscription per account, kind (`appli`) and address. */
export interface Notify {
  answer(form: Form, grant: Grant): Promise<Response>;
  to(externalId: string, appli: string): readonly Subscription[];
  drop(externalId: string): void;
  all(): readonly Subscription[];
}

const LONGEST_URL = 255;
const CHECK_MS = 5_000;

export function createNotify(world: World): Notify {
  let subscriptions: readonly Subscription[] = [];
  const isFor = (one: Subscription, grant: Grant, form: Form): boolean =>
    one.externalId === grant.externalId &&
    (form['appli'] === undefined || one.appli === form['appli']) &&
    (form['callbackurl'] === undefined || one.callbackurl === form['callbackurl']);

  async function subscribe(grant: Grant, form: Form): Promise<Response> {
    const { callbackurl = '', appli = '', comment = '' } = form;
    const scope = APPLIS[appli];
    if (scope === undefined) return failed(501, 'Invalid Params: appli');
    if (!grant.scopes.includes(scope)) return failed(214);
    if (callbackurl.length > LONGEST_URL || !URL.canParse(callbackurl)) return failed(293);
    if (!(await isReachable(callbackurl))) return failed(293);
    // Asked again for the same, it succeeds and does no harm.
    const others = subscriptions.filter((one) => !isFor(one, grant, form));
    subscriptions = [...others, { externalId: grant.externalId, appli, callbackurl, comment }];
    return ok({});
  }

  /** Withings asks by HEAD, and sends an empty POST about the same time, whose answer nobody minds. */
  async function isReachable(url: string): Promise<boolean> {
    const signal = AbortSignal.timeout(CHECK_MS);
    const status = await world.fetch(url, { method: 'HEAD', signal }).then(
      ({ status: code }) => code,
      () => 0,
    );
    const reached = status >= 200 && status < 300;
    world.log.add({ provider: 'withings', direction: 'out', what: 'HEAD check', status });
    if (reached) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      await world.fetch(url, { method: 'POST', headers, body: '', signal }).catch(() => undefined);
    }
    return reached;
  }

  return {
    async answer(form, grant) {
      const mine = subscriptions.filter((one) => isFor(one, grant, form));
      switch (form['action']) {
        case 'subscribe':
          return subscribe(grant, form);
        case 'list':
          return ok({ profiles: mine.map(profile) });
        case 'get':
          return mine[0] === undefined ? failed(286) : ok(profile(mine[0]));
        case 'revoke':
          subscriptions = subscriptions.filter((one) => !mine.includes(one));
          return mine.length === 0 ? failed(286) : ok({});
        default:
          return failed(501);
      }
    },
    to: (externalId, appli) => subscriptions.filter((one) => one.externalId === externalId && one.appli === appli),
    drop(externalId) {
      subscriptions = subscriptions.filter((one) => one.externalId !== externalId);
    },
    all: () => subscriptions,
  };
}

function profile({ appli, callbackurl, comment }: Subscription): object {
  return { appli: Number(appli), callbackurl, expires: 2_147_483_647, comment };
}
