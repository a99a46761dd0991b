import { createHash } from 'node:crypto';
import nock from 'nock';
import { afterEach, describe, expect, test } from 'vitest';
import { disconnect, listConnections } from '../../app/connections.ts';
import { readGrant } from '../../app/grant.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { type Browser, openFront } from '../support/front.ts';
import { garminKnows } from '../support/garmin-account.ts';

type Front = Awaited<ReturnType<typeof openFront>>;

afterEach(() => nock.cleanAll());

/** Goes through a whole flow; answers what the callback answered. */
async function connect(
  front: Front,
  userId = front.anna.user_id,
  given?: Browser,
): Promise<{ response: Response; one: Browser }> {
  const one = given ?? (await front.owner());
  const { state } = await front.begin(one, 'garmin', userId);
  return { one, response: await one.get(`/oauth/garmin/callback?code=the-code&state=${state}`) };
}
const codeOf = async (response: Response) => /<code>([a-z_]+)<\/code>/.exec(await response.text())?.[1];
async function openQuestion() {
  const front = await openFront();
  garminKnows({ userId: 'old' });
  await connect(front);
  const server = garminKnows({ userId: 'new' });
  const { response, one } = await connect(front);
  const page = await (await one.get('/oauth/garmin/choice')).text();
  const id = /name="choice" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const active = async () => (await listConnections(front.runtime)).map((each) => each.external_id);
  return { front, server, response, one, page, id, active };
}

const grants = (front: Front) => front.runtime.vault.ids('connection/');

describe('connecting', () => {
  test('keeps the tokens and the fact, and ends at an address without the code', async () => {
    const server = garminKnows({ userId: 'g1' });
    const front = await openFront();
    const { response, one } = await connect(front);
    const [connection] = await listConnections(front.runtime);
    expect(connection).toEqual({
      connection_id: expect.stringMatching(/^c_/),
      provider: 'garmin',
      account: accountOf('garmin', 'g1'),
      external_id: 'g1',
      user_id: front.anna.user_id,
      kind: 'oauth',
      state: 'active',
      scopes: ['HEALTH_EXPORT', 'ACTIVITY_EXPORT', 'HISTORICAL_DATA_EXPORT'],
      cause: null,
    });
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      `/connected/${connection?.connection_id}`,
    ]);
    expect(await front.facts()).toMatchObject([connection ?? {}]);
    expect(front.changes()).toEqual(['connected']);
    const grant = await readGrant(front.runtime.vault, connection?.connection_id ?? '');
    expect([grant?.tokens.access.reveal(), grant?.tokens.refresh?.reveal(), server.exchanged]).toEqual([
      'access-g1-1',
      'refresh-g1',
      1,
    ]);
    const page = await (await one.get(response.headers.get('location') ?? '')).text();
    expect(page).toContain('Garmin is connected');
    expect(page).toContain('daily totals, sleep, heart rate, stress and body composition');
    expect(page).toContain('last 7 days');
    expect(page).not.toContain('did not grant');
    expect(page).not.toMatch(/access-g1|refresh-g1|the-code/);
  });

  test('binds the code to this flow: the verifier sent is that of the challenge, the redirect address is the configured one', async () => {
    const front = await openFront();
    const one = await front.owner();
    const started = await one.get(`/oauth/garmin/start?user_id=${front.anna.user_id}`, { host: 'evil.example' });
    const address = new URL(started.headers.get('location') ?? '');
    expect([started.status, address.origin, address.pathname]).toEqual([
      302,
      'https://connect.garmin.com',
      '/oauth2Confirm',
    ]);
    const { state = '', code_challenge: challenge, ...rest } = Object.fromEntries(address.searchParams);
    const redirect_uri = 'http://127.0.0.1:8787/oauth/garmin/callback';
    expect(rest).toEqual({
      response_type: 'code',
      client_id: 'our-client',
      redirect_uri,
      code_challenge_method: 'S256',
    });
    expect(started.headers.get('referrer-policy')).toBe('no-referrer');
    let form = new URLSearchParams();
    nock('https://diauth.garmin.com')
      .post('/di-oauth2-service/oauth/token', (body: Record<string, string>) => {
        form = new URLSearchParams(body);
        return true;
      })
      .reply(400, { error: 'invalid_grant' });
    const response = await one.get(`/oauth/garmin/callback?code=c&state=${state}`);
    expect([response.status, await codeOf(response)]).toEqual([400, 'code_refused']);
    const verifier = form.get('code_verifier') ?? '';
    expect(verifier).toMatch(/^[A-Za-z0-9._~-]{43,128}$/);
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(challenge);
    expect(form.get('redirect_uri')).toBe(redirect_uri);
  });

  test('fifty callbacks at once with one state exchange one code', async () => {
    const server = garminKnows({ userId: 'g1' });
    const front = await openFront();
    const one = await front.owner();
    const { state } = await front.begin(one, 'garmin', front.anna.user_id);
    const all = await Promise.all(
      Array.from({ length: 50 }, () => one.get(`/oauth/garmin/callback?code=c&state=${state}`)),
    );
    expect(all.map((response) => response.status).toSorted((a, b) => a - b)).toEqual([
      303,
      ...Array<number>(49).fill(400),
    ]);
    expect([server.exchanged, (await front.facts()).length, (await grants(front)).length]).toEqual([1, 1, 1]);
  });

  test('says what was left out, and what that means', async () => {
    garminKnows({ userId: 'g1', permissions: ['HEALTH_EXPORT'] });
    const front = await openFront();
    const { response, one } = await connect(front);
    const page = await (await one.get(response.headers.get('location') ?? '')).text();
    expect(page).toMatch(/did not grant.*workouts.*days before you connected/s);
    expect((await listConnections(front.runtime))[0]?.scopes).toEqual(['HEALTH_EXPORT']);
  });

  test('with nothing granted connects nothing, and gives the access back', async () => {
    const server = garminKnows({ userId: 'g1', permissions: [] });
    const front = await openFront();
    const connecting = connect(front);
    // What was ticked may be known a moment later: it is asked for three times, a second apart.
    const seconds = setInterval(() => front.clock.advance(1000), 5);
    const { response } = await connecting.finally(() => clearInterval(seconds));
    expect([response.status, await codeOf(response)]).toEqual([403, 'nothing_granted']);
    expect([server.revoked.length, await grants(front), await front.facts()]).toEqual([1, [], []]);
  });

  test('without knowing whose account it is keeps nothing', async () => {
    garminKnows({ userId: '' });
    const front = await openFront();
    const { response } = await connect(front);
    expect([response.status, await codeOf(response)]).toEqual([502, 'account_unknown']);
    expect([await grants(front), await front.facts()]).toEqual([[], []]);
  });

  test('again changes the scopes of the same connection', async () => {
    const front = await openFront();
    garminKnows({ userId: 'g1', permissions: ['HEALTH_EXPORT'] });
    await connect(front);
    garminKnows({ userId: 'g1', permissions: ['HEALTH_EXPORT', 'ACTIVITY_EXPORT'] });
    await connect(front);
    const [connection, ...others] = await listConnections(front.runtime);
    expect([connection?.scopes, others]).toEqual([['HEALTH_EXPORT', 'ACTIVITY_EXPORT'], []]);
    expect((await readGrant(front.runtime.vault, connection?.connection_id ?? ''))?.generation).toBe(2);
    expect(front.changes()).toEqual(['connected', 'scopes_changed']);
  });

  test('that ends between the tokens and the fact leaves no connection, and the next try a whole one', async () => {
    garminKnows({ userId: 'g1' });
    const front = await openFront();
    const { objects } = front.runtime;
    const whole = { ...objects };
    Object.assign(objects, { putIfAbsent: () => Promise.reject(new Error('the disk is gone')) });
    expect((await connect(front)).response.status).toBe(503);
    Object.assign(objects, whole);
    expect([(await grants(front)).length, await listConnections(front.runtime)]).toEqual([1, []]);
    await connect(front);
    const [connection] = await listConnections(front.runtime);
    expect(await grants(front)).toEqual([`connection/${connection?.connection_id}`]);
  });
});

describe('an account that is somebody else’s', () => {
  test('is refused; the grant that is there stays as it is', async () => {
    const server = garminKnows({ userId: 'g1' });
    const front = await openFront();
    await connect(front, front.ben.user_id);
    const before = await grants(front);
    const { response } = await connect(front);
    expect([response.status, await codeOf(response)]).toEqual([409, 'subject_conflict']);
    // The provider ends all of an account's grants at once: giving this one back would end Ben's.
    expect([await grants(front), (await front.facts()).length, server.revoked]).toEqual([before, 1, []]);
  });
});

describe('another account than the one that is connected', () => {
  test('is asked about, and nothing is connected before the answer', async () => {
    const { front, response, page, active } = await openQuestion();
    expect([response.status, response.headers.get('location')]).toEqual([303, '/oauth/garmin/choice']);
    expect(page).toMatch(/<code>old<\/code>.*<code>new<\/code>/s);
    expect([await active(), front.changes()]).toEqual([['old'], ['connected']]);
  });

  test('is given back when it was not meant', async () => {
    const { front, server, one, id, active } = await openQuestion();
    const answered = await one.post('/oauth/garmin/choice', { choice: id, answer: 'keep' });
    expect([answered.status, answered.headers.get('location')]).toEqual([303, '/connections']);
    expect([await active(), server.revoked, (await grants(front)).length]).toEqual([
      ['old'],
      ['Bearer access-new-1'],
      1,
    ]);
  });

  test('is added beside the old one when it was, once', async () => {
    const { front, server, one, id, active } = await openQuestion();
    const answers = await Promise.all(
      ['add', 'add', 'keep'].map((answer) => one.post('/oauth/garmin/choice', { choice: id, answer })),
    );
    expect(answers.map(({ status }) => status)).toEqual([303, 404, 404]);
    expect([await active(), server.revoked, (await grants(front)).length]).toEqual([['old', 'new'], [], 2]);
  });

  test('is nobody else’s to answer', async () => {
    const { front, id, active } = await openQuestion();
    const other = await (await front.owner()).post('/oauth/garmin/choice', { choice: id, answer: 'add' });
    expect([other.status, await active()]).toEqual([404, ['old']]);
  });

  test('is given back when nobody answers in time', async () => {
    const { front, server, one, id, active } = await openQuestion();
    front.clock.advance(600_000);
    expect((await one.post('/oauth/garmin/choice', { choice: id, answer: 'add' })).status).toBe(404);
    await front.begin(one, 'garmin', front.ben.user_id);
    expect([await active(), server.revoked, (await grants(front)).length]).toEqual([
      ['old'],
      ['Bearer access-new-1'],
      1,
    ]);
  });
});

describe('disconnecting', () => {
  test('revokes with the token that holds, and forgets it', async () => {
    const server = garminKnows({ userId: 'g1' });
    const front = await openFront();
    await connect(front);
    const [ended] = await disconnect(front.runtime, { provider: 'garmin', user: front.anna });
    expect([ended?.state, server.revoked, await grants(front)]).toEqual(['disconnected', ['Bearer access-g1-1'], []]);
  });

  test('ends here too when the provider does not agree', async () => {
    garminKnows({ userId: 'g1' });
    const front = await openFront();
    await connect(front);
    nock.cleanAll();
    nock('https://apis.garmin.com').delete('/wellness-api/rest/user/registration').reply(500);
    const [ended] = await disconnect(front.runtime, { provider: 'garmin', user: front.anna });
    expect([ended?.state, await grants(front)]).toEqual(['disconnected', []]);
  });
});
