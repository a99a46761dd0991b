import { type Asked, openAnswering } from '../../support/answering.ts';

/** Made-up account ids of one person at both. */
const ACCOUNTS = { oura: 'ring-of-ann', withings: '4711' } as const;

/** A ring's and a scale's company on one server; every token they issue is another one. */
export async function openCompanies() {
  let issued = 0;
  const answerOf = ({ path, form }: Asked): unknown => {
    const tokens = { refresh_token: `refresh-${issued}`, access_token: `access-${issued}`, expires_in: 86_400 };
    const [, company, ...rest] = (path.split('?')[0] ?? '').split('/');
    const what = company === 'oura' ? rest.join('/') : (form['action'] ?? '');
    if (what === 'oauth/token' || what === 'requesttoken') issued += 1;
    if (company === 'oura') {
      if (what === 'oauth/token') return tokens;
      if (what === 'v2/usercollection/personal_info') return { id: ACCOUNTS.oura };
      return what === 'v2/webhook/subscription' ? [] : { data: [] };
    }
    const bodies: Readonly<Record<string, object>> = {
      requesttoken: { ...tokens, userid: ACCOUNTS.withings, scope: 'user.info,user.metrics,user.activity' },
      getnonce: { nonce: 'once' },
      list: { profiles: [] },
    };
    return { status: 0, body: bodies[what] ?? {} };
  };
  const { url, asked } = await openAnswering((response, request) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answerOf(request)));
  });
  return {
    url,
    asked,
    /** Requests in which something of a grant was shown or presented. */
    presented: () => asked.filter((one) => /access-|refresh-|authoriz/.test(JSON.stringify(one))),
  };
}
