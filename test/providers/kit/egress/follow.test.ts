import { createServer } from 'node:tls';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEgress } from '../../../../providers/kit/egress/create.ts';
import { exchange } from '../../../../providers/kit/egress/exchange.ts';
import type { Pinned, Resolve } from '../../../../providers/kit/egress/resolve.ts';
import { Secret } from '../../../../providers/kit/secret.ts';
import { openOrigin } from '../../../support/origin.ts';
import { ALLOWED, REFUSED } from './addresses.ts';

const DOOR = { id: 'toy', callbacks: ALLOWED };
const ADDRESS = 'https://apis.garmin.com/wellness-api/rest/epochs?token=XYZ';
const PUBLIC = '93.184.216.34';

const never: Resolve = () => new Promise(() => undefined);

/** An egress whose resolver answers one after the other, and what it was asked for. */
function openEgress(answers: readonly (readonly string[])[], baseUrl?: string) {
  const asked: string[] = [];
  const resolve: Resolve = async (host) => answers[asked.push(host) - 1] ?? [];
  return { asked, egress: createEgress({ settings: () => ({ baseUrl }), resolve }) };
}

describe('an address from the network', () => {
  beforeEach(() => void (nock.isActive() || nock.activate()));
  afterEach(() => {
    nock.cleanAll();
    nock.restore();
  });

  it('is asked for with GET and the bearer once its host is known to be public', async () => {
    const scope = nock('https://apis.garmin.com', { reqheaders: { authorization: 'Bearer tok-1' } })
      .get('/wellness-api/rest/epochs?token=XYZ')
      .reply(200, '[]');
    const { egress, asked } = openEgress([[PUBLIC]]);
    const result = await egress.follow(DOOR, ADDRESS, { bearer: new Secret('tok-1') });
    expect(result.ok && Buffer.from(result.answer.body).toString()).toBe('[]');
    expect(asked).toEqual(['apis.garmin.com']);
    expect(scope.isDone()).toBe(true);
  });

  it('is never resolved when its text is refused', async () => {
    const { egress, asked } = openEgress([[PUBLIC]]);
    for (const text of Object.values(REFUSED).flat()) {
      expect(await egress.follow(DOOR, text)).toMatchObject({ reason: 'refused_address', sent: false });
    }
    expect(await egress.follow({ id: 'toy' }, ADDRESS)).toMatchObject({ reason: 'refused_address', sent: false });
    expect(asked).toEqual([]);
  });

  it.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:7f00:1', '64:ff9b::7f00:1'])(
    'is not asked for when its host resolves to %s, alone or beside a public one',
    async (address) => {
      for (const answers of [[address], [PUBLIC, address]]) {
        const result = await openEgress([answers]).egress.follow(DOOR, ADDRESS);
        expect(result).toMatchObject({ ok: false, reason: 'refused_address', sent: false });
        expect(JSON.stringify(result)).not.toContain('XYZ');
      }
    },
  );

  it('is resolved once: a name that answers something private the second time is not asked again', async () => {
    nock('https://apis.garmin.com').get('/wellness-api/rest/epochs').query(true).reply(200, '[]');
    const { egress, asked } = openEgress([[PUBLIC], ['127.0.0.1'], ['127.0.0.1']]);
    expect(await egress.follow(DOOR, ADDRESS)).toMatchObject({ ok: true });
    expect(asked).toHaveLength(1);
  });

  it('is given up when the resolver takes too long, or fails', async () => {
    const slow = createEgress({ settings: () => ({}), resolve: never });
    expect(await slow.follow(DOOR, ADDRESS, { timeoutMs: 50 })).toMatchObject({ reason: 'timeout', sent: false });
    expect(await openEgress([]).egress.follow(DOOR, ADDRESS)).toMatchObject({ reason: 'unreachable', sent: false });
  });
});

describe('an address from the network under a replaced origin', () => {
  it('is checked as it came, then asked there without resolving its name', async () => {
    const urls: string[] = [];
    const base = await openOrigin((asked, answer) => void answer.end(String(urls.push(asked.url ?? ''))));
    const { egress, asked } = openEgress([[PUBLIC]], base);
    expect(await egress.follow(DOOR, ADDRESS)).toMatchObject({ ok: true });
    expect(await egress.follow(DOOR, `${base}/wellness-api/rest/epochs`)).toMatchObject({ reason: 'refused_address' });
    expect(urls).toEqual(['/wellness-api/rest/epochs?token=XYZ']);
    expect(asked).toEqual([]);
  });
});

const HERE: readonly [Pinned] = [{ address: '127.0.0.1', family: 4 }];

function ask(url: string) {
  const deadline = AbortSignal.timeout(5000);
  const target = { method: 'GET', url: new URL(url), headers: {}, body: undefined };
  return exchange({ ...target, deadline, maxBytes: 1000, pinned: HERE });
}

describe('a pinned connection', () => {
  it('goes to the checked address under the host it was checked for, and asks no resolver', async () => {
    const base = await openOrigin((asked, answer) => void answer.end(asked.headers.host));
    const result = await ask(base.replace('127.0.0.1', 'name.invalid'));
    expect(result.ok && Buffer.from(result.answer.body).toString()).toMatch(/^name\.invalid:\d+$/);
  });

  it('names the host in its handshake, and sends nothing when nobody vouches for the certificate', async () => {
    const names: string[] = [];
    let requests = 0;
    const server = createServer({
      key: KEY,
      cert: CERTIFICATE,
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    server.on('secureConnection', (socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', () => (requests += 1));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    // The switch people turn to when a certificate is in their way must not open this door.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const result = await ask(`https://a.example:${port}/?token=XYZ`);
    expect(result).toMatchObject({ ok: false, reason: 'unreachable', sent: false });
    expect(JSON.stringify(result)).not.toContain('XYZ');
    expect(names).toEqual(['a.example']);
    expect(requests).toBe(0);
  });
});

/** Made for this test alone: opens nothing anywhere. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgy4ncSAdGz+i5WpT/
w5mT5yNRLuZi3zoVS5V0m020zc+hRANCAAR287L9SIRRftrO1n+ntpt6cunFsIOI
D5uRkFIAIQ2gPJtMIeXetrnwwk+zZRCQ6wqilcXX0YTBkAOAvnVokcCs
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUIpxUeqZ/Kw63Me5AA6N34zwLm5MwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJYS5leGFtcGxlMCAXDTI2MTEyMTE1MTYwMVoYDzIxMjYxMDI4
MTUxNjAxWjAUMRIwEAYDVQQDDAlhLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR287L9SIRRftrO1n+ntpt6cunFsIOID5uRkFIAIQ2gPJtMIeXetrnw
wk+zZRCQ6wqilcXX0YTBkAOAvnVokcCso2kwZzAdBgNVHQ4EFgQU4T9nIv9k8amd
0JzSw26K5plapLYwHwYDVR0jBBgwFoAU4T9nIv9k8amd0JzSw26K5plapLYwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglhLmV4YW1wbGUwCgYIKoZIzj0EAwID
RwAwRAIgRNK1ygwJrYJSyGHRCEvIFi/0kNeKvvZeuF5buZO9apECIDprnvrBJyZS
qMuzcnl8BSE/hBQLl3iFepy8PGbmU9le
-----END CERTIFICATE-----`;
