import nock from 'nock';

/** What the simulated account server was asked, besides what it answers. */
export interface AccountServer {
  /** Tokens that were handed out. */
  exchanged: number;
  readonly revoked: string[];
}

interface Account {
  readonly userId: string;
  readonly permissions?: readonly string[];
  readonly token?: Readonly<Record<string, unknown>>;
}

/** Garmin's account servers as its document shows them (1.2 of the Health API): every code is for the account given. */
export function garminKnows(account: Account): AccountServer {
  const server: AccountServer = { exchanged: 0, revoked: [] };
  nock.cleanAll();
  nock('https://diauth.garmin.com')
    .persist()
    .post('/di-oauth2-service/oauth/token')
    .reply(200, () => {
      server.exchanged += 1;
      const made = {
        access_token: `access-${account.userId}-${server.exchanged}`,
        refresh_token: `refresh-${account.userId}`,
      };
      return {
        ...made,
        expires_in: 86_400,
        token_type: 'bearer',
        scope: 'PARTNER_READ CONNECT_READ',
        ...account.token,
      };
    });
  const api = nock('https://apis.garmin.com/wellness-api/rest/user').persist();
  api.get('/id').reply(200, { userId: account.userId });
  api
    .get('/permissions')
    .reply(200, { permissions: account.permissions ?? ['HEALTH_EXPORT', 'ACTIVITY_EXPORT', 'HISTORICAL_DATA_EXPORT'] });
  api.delete('/registration').reply(204, function reply() {
    server.revoked.push(String(this.req.headers['authorization']));
    return '';
  });
  return server;
}
