import { Hono } from 'hono';
import { Frame, headersFor } from './frame.tsx';
import { readFlow, redirectTo, type Flow } from './flow.ts';
import type { LineEnv } from './hang-up.ts';
import type { Simulation } from './simulation.ts';
import type { World } from './world.ts';

interface Account {
  readonly externalId: string;
  readonly title: string;
}

/** The page on which a person allows the product to read their account. */
function ConsentPage({ name, flow, accounts }: { name: string; flow: Flow; accounts: readonly Account[] }) {
  return (
    <Frame title={`Allow access · ${name} (simulated)`}>
      <h1>{name} (simulated)</h1>
      <p>Wellspring asks to read data of an account. No real account is behind this page.</p>
      <form method="post">
        <fieldset>
          <legend>Who are you?</legend>
          {accounts.map(({ externalId, title }, at) => (
            <label>
              <input type="radio" name="account" value={externalId} checked={at === 0} /> {title}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>What may it read?</legend>
          {flow.choices.map(({ scope, title, on }) => (
            <label>
              <input type="checkbox" name="granted" value={scope} checked={on} /> {title} <code>{scope}</code>
            </label>
          ))}
        </fieldset>
        <button name="decision" value="allow">
          Allow
        </button>
        <button name="decision" value="deny">
          Deny
        </button>
      </form>
    </Frame>
  );
}

const RefusedPage = ({ name, reason }: { name: string; reason: string }) => (
  <Frame title={`Not possible · ${name} (simulated)`}>
    <h1>{name} (simulated)</h1>
    <p>{reason}</p>
  </Frame>
);

/** The consent page of one provider: GET shows it, POST of its form decides and goes back to the app. */
export function createConsent(world: World, { id, name, consent }: Simulation): Hono<LineEnv> {
  const app = new Hono<LineEnv>();
  const client = world.options.credentials[id];
  const accounts = world.horizon.holdings
    .filter(({ provider }) => provider === id)
    .map(({ externalId, person }) => ({ externalId, title: `Person ${person + 1}, account ${externalId}` }));
  if (client === undefined) return app;

  app.use(consent.path, async (c, next) => {
    const { redirect_uri: redirect = '' } = c.req.query();
    return headersFor(URL.canParse(redirect) ? new URL(redirect).origin : undefined)(c, next);
  });
  app.get(consent.path, async (c) => {
    const read = readFlow(consent, client, c.req.query());
    world.log.add({ provider: id, direction: 'in', what: 'consent page', status: read.ok ? 200 : 400 });
    if (read.ok) return c.html(<ConsentPage name={name} flow={read.flow} accounts={accounts} />);
    return read.redirect === undefined
      ? c.html(<RefusedPage name={name} reason={read.reason} />, 400)
      : c.redirect(read.redirect);
  });
  app.post(consent.path, async (c) => {
    const read = readFlow(consent, client, c.req.query());
    if (!read.ok) return c.html(<RefusedPage name={name} reason={read.reason} />, 400);
    const { flow } = read;
    const form = await c.req.formData();
    const [account, decision] = [form.get('account'), form.get('decision')];
    const holder = accounts.find(({ externalId }) => externalId === account);
    if (decision !== 'allow') return c.redirect(redirectTo(flow, { error: 'access_denied' }));
    if (holder === undefined) return c.html(<RefusedPage name={name} reason="There is no such account." />, 400);
    const granted = new Set(form.getAll('granted'));
    const scopes = flow.choices.map(({ scope }) => scope).filter((scope) => granted.has(scope));
    const offer = { provider: id, externalId: holder.externalId, scopes, ...flow };
    const code = world.ledger.offer(offer, consent.codeLifeS);
    return c.redirect(redirectTo(flow, { code, ...consent.tell?.(scopes) }));
  });
  return app;
}
