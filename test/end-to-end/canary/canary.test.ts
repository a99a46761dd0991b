import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { openSurfer, type Surfer } from '../../support/surfer.ts';
import { runCommand } from '../../support/terminal.ts';
import { createCanaries, type Kind, type Surface } from './canaries.ts';
import { filesIn } from './files.ts';
import { inTime } from './in-time.ts';
import { createNastiness, type Nastiness } from './nasty.ts';
import { CLIENTS, openNest, OWN, OWNER_TOKEN, startServer } from './stage.ts';

type Provider = keyof typeof CLIENTS;

const ALL: readonly Nastiness[] = ['error 500', 'page 200', 'page 503', 'torn', 'redirect', 'status 200', 'hang up'];
const clock = createSystemClock();

/** The program with a person, every provider's app set up, a browser, and a record of everything it says. */
async function openScene() {
  const canaries = createCanaries();
  const surfaces: Surface[] = [];
  const nest = await openNest(canaries);
  const nasty = createNastiness(nest.watch, () => Object.values(OWN).join(' '));
  const before = nest.watch.before;
  let askedAt = 0;
  nest.watch.before = async (call) => {
    askedAt = clock.now();
    const fields = new URLSearchParams(call.body);
    canaries.add('secret', 'verifier', fields.get('code_verifier'));
    canaries.add('secret', 'signature', fields.get('signature'));
    canaries.add('secret', 'verification token', /"verification_token":"([^"]+)"/.exec(call.body)?.[1]);
    return before(call);
  };
  const home = temporaryDirectory();
  const dataDir = join(home, 'data');
  const environment = {
    ...nest.environment,
    WELLSPRING_DATA_DIR: dataDir,
    WELLSPRING_OWNER_TOKEN: OWNER_TOKEN,
    WELLSPRING_WITHINGS_CLIENT_ID: CLIENTS.withings.clientId,
    WELLSPRING_OURA_CLIENT_ID: CLIENTS.oura.clientId,
    WELLSPRING_GARMIN_CLIENT_ID: CLIENTS.garmin.clientId,
  };
  const keep = (name: string, text: string | Buffer, may: readonly Kind[] = []): void =>
    void surfaces.push({ name, bytes: Buffer.from(text), may });
  /** One command; `own`: its data are the person's, and asked for. What it says beside them never is. */
  const command = async (words: string, { input = '', own = false } = {}) => {
    const ran = await inTime(words, runCommand(words.split(' '), environment, input));
    keep(`stdout of ${words}`, ran.out, own ? ['own'] : []);
    keep(`stderr of ${words}`, ran.err);
    return ran;
  };
  const page = async (name: string, answering: Promise<Response>, may: readonly Kind[] = []): Promise<Response> => {
    const answer = await inTime(`the page "${name}"`, answering);
    const { status } = answer;
    // Cookies are the browser's own secrets; addresses of providers hold the state.
    const heads = [...answer.headers].filter(([head]) => head !== 'set-cookie' && head !== 'location');
    keep(`${name} (${status})`, `${JSON.stringify(heads)} ${await answer.clone().text()}`, may);
    return answer;
  };
  return { canaries, surfaces, nest, nasty, askedAt: () => askedAt, home, dataDir, environment, keep, command, page };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

/** From the start of a flow to the provider's way back. */
async function consent({ nest, canaries, page }: Scene, url: string, one: Surfer, provider: Provider, userId: string) {
  const started = await page('start', one.get(`${url}/oauth/${provider}/start?user_id=${userId}`));
  const address = started.headers.get('location') ?? '';
  canaries.add('secret', 'state', new URL(address).searchParams.get('state'));
  return nest.consent(provider, address, OWN[provider]);
}

async function signIn({ canaries, page }: Scene, url: string): Promise<Surfer> {
  const one = openSurfer();
  await page('sign-in', one.post(`${url}/signin`, { token: OWNER_TOKEN, next: '/' }));
  for (const value of one.cookies.values()) canaries.add('secret', 'session', value);
  return one;
}

/** Callbacks that must lead to nothing, and providers that answer a code with what they were told. */
async function refusedCallbacks(scene: Scene, url: string, one: Surfer, userId: string): Promise<void> {
  const { page, nasty } = scene;
  for (const provider of ['withings', 'oura', 'garmin'] as const) {
    const back = new URL(await consent(scene, url, one, provider, userId));
    const twice = `${back.href}&code=${back.searchParams.get('code') ?? ''}`;
    await page('callback with two codes', one.get(twice));
    await page('callback in another browser', openSurfer().get(back.href));
    await page('callback of a used state', one.get(back.href));
    const denied = new URL(await consent(scene, url, one, provider, userId));
    denied.searchParams.delete('code');
    denied.searchParams.set('error', 'access_denied');
    denied.searchParams.set('error_description', Object.values(OWN).join(' '));
    await page('callback with an error', one.get(denied.href));
    for (const how of ['refusal', ...ALL] as const) {
      nasty.next(`${provider} code`, how);
      const callback = await page(`callback, ${how}`, one.get(await consent(scene, url, one, provider, userId)));
      expect([provider, how, callback.headers.get('location')]).toEqual([provider, how, null]);
      nasty.forget();
    }
    for (const how of ALL) {
      // Garmin and Oura are asked whose token it is.
      nasty.next(`${provider} data`, how, how, how);
      if (provider !== 'withings') {
        await page(`identity, ${how}`, one.get(await consent(scene, url, one, provider, userId)));
      }
      nasty.forget();
    }
  }
}

const post = (address: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(address, { method: 'POST', body, headers });

/** Deliveries that are refused, and some that are not. */
async function deliveries({ nest, canaries, page, environment }: Scene, url: string): Promise<void> {
  // Printed to be pasted: its key is no canary yet.
  const { out: urls } = await runCommand(['urls', '--json'], environment);
  const [garmin = '', withings = ''] = ['garmin', 'withings'].map((id) => addressAt(urls, id));
  for (const address of [garmin, withings]) canaries.add('secret', 'notice key', address.split('/').at(-1));
  const daily = { userId: OWN.garmin, summaryId: 's1', distanceInMeters: Number(OWN.distance) };
  await page('push that is no JSON', post(garmin, `{"dailies": [${JSON.stringify(daily)}`));
  await page('push with a wrong key', post(garmin.replace(/.$/, 'x'), JSON.stringify({ dailies: [daily] })));
  await page('push', post(garmin, JSON.stringify({ dailies: [daily] })));
  const event = JSON.stringify({ event_type: 'create', data_type: 'sleep', object_id: 'x', user_id: OWN.oura });
  await page('notice with a wrong signature', post(`${url}/webhooks/oura`, event, { 'x-oura-signature': 'AB' }));
  await page('notice with a wrong key', post(withings.replace(/.$/, 'x'), `userid=${OWN.withings}&appli=1`));
  await page('handshake with a wrong token', fetch(`${url}/webhooks/oura?verification_token=x&challenge=1`));
  await page('API without a token', fetch(`${url}/api/v1/daily?user_id=${OWN.oura}`));
  await page(
    'API with a wrong token',
    fetch(`${url}/api/v1/daily`, { headers: { authorization: `Bearer ${OWN.oura}` } }),
  );
  await page('nothing there', fetch(`${url}/${OWN.weightRead}`));
  await page('health', fetch(`${url}/healthz`));
  await nest.release(nest.nowS);
}

function addressAt(urls: string, id: string): string {
  return new RegExp(`"(http[^"]+/webhooks/${id}[^"]*)"`).exec(urls)?.[1] ?? '';
}

/** Until the server, which tries again after two seconds at most, has fetched what there is. */
async function quiet({ nasty, askedAt }: Scene): Promise<void> {
  const isQuiet = () => nasty.left() === 0 && clock.now() - askedAt() > 3000;
  await expect.poll(isQuiet, { timeout: 60_000 }).toBe(true);
}

/** What the command line says of data that cannot be had, and of mistakes. */
async function commands({ command, nasty, home, nest }: Scene): Promise<void> {
  const broken = join(home, 'broken.json');
  writeFileSync(broken, `{"body":{"measuregrps":[{"value":${OWN.weight},"userid":"${OWN.withings}"`);
  for (const how of ALL) {
    nasty.next('withings data', ...Array.from({ length: 12 }, () => how));
    await command(`collect withings --user Ann --metric weight_kg ${how === 'torn' ? '--json' : '--debug'}`);
    nasty.forget();
  }
  // Whatever the server was refused meanwhile: now it is answered.
  expect((await command('collect withings --user Ann --metric weight_kg')).code).toBe(0);
  nasty.next('oura data', ...Array.from({ length: 9 }, () => 'page 200' as const));
  const paused = await command('backfill oura --user Ann --from 2026-01-01 --to 2026-01-02 --debug');
  expect([paused.code, paused.err]).toEqual([
    4,
    expect.stringMatching(/is not finished. \w+.*: The answer was not JSON/),
  ]);
  nasty.forget();
  for (const how of ALL.filter((one) => one !== 'hang up' && one !== 'torn')) {
    for (const grant of nest.ledger.grants('withings')) nest.ledger.loseAccess(grant);
    nasty.next('withings refresh', how, how);
    await command('collect withings --user Ann --metric weight_kg --debug');
    nasty.forget();
  }
  await command('collect --json');
  for (const words of ['process', 'process --all --json --debug']) await command(words);
  await command('status --json', { own: true });
  await command('status', { own: true });
  for (const words of ['doctor', 'doctor --json', 'redrive']) await command(words);
  // What was refused is shown to its owner with its value.
  for (const words of ['quarantine list', 'quarantine list --json']) await command(words, { own: true });
  await command('user list --json');
  await command(`import withings ${broken} --user Ann --debug`);
  await command(`import withings ${broken} --user Ann --json`);
  await command('connect fitbit --user Ann --debug');
  await command('link oura --user Nobody --external-id 1 --json --debug');
  await command('explain --user Ann --day 2020-01-01 --metric weight_kg --debug');
  await command('query selec --debug');
  await command('query selec --json');
  await command('summary --user Nobody --debug');
}

/** Files below the data directory; what is somebody's own has its place in some of them, the keys in three. */
function files({ dataDir, keep }: Scene, beside: { readonly isRunning: boolean }): void {
  const own = /^(raw|lake|tables|uploads|refused|outbox|inbox)\/|^state\.db/;
  for (const { name, bytes } of filesIn(dataDir, beside)) {
    if (['ingest.secret', 'owner.token', 'vault.key'].includes(name)) continue;
    const may: readonly Kind[] = name.startsWith('raw/') ? ['own', 'address'] : own.test(name) ? ['own'] : [];
    keep(name, bytes, may);
  }
}

test('no token, code, state, verifier, key or value gets where it has no place, whatever goes wrong', async () => {
  const scene = await openScene();
  const { canaries, surfaces, nest, nasty, environment, home, keep, command, page } = scene;
  const added = await command('user add Ann --zone UTC --json');
  const userId = /"user_id":"(u_[^"]+)"/.exec(added.out)?.[1] ?? '';
  for (const [provider, { clientSecret }] of Object.entries(CLIENTS)) {
    await command(`secret set ${provider}.clientSecret`, { input: `${clientSecret}\n` });
    keep(
      'stderr of a secret given as a word',
      (await runCommand(['secret', 'set', `${provider}.clientSecret`, clientSecret, '--debug'], environment)).err,
    );
  }
  const loud = { ...environment, DEBUG: '*' };
  const program = startServer(['serve', '--port', '0', '--json', '--debug'], loud, home);
  const url = await program.listening;
  const one = await signIn(scene, url);
  await page(
    'sign-in with a wrong token',
    openSurfer().post(`${url}/signin`, { token: CLIENTS.oura.clientSecret, next: '/' }),
  );

  await refusedCallbacks(scene, url, one, userId);
  // The first fetch of Withings is refused in every way before it is served.
  nasty.next('withings data', ...ALL.filter((how) => how !== 'page 503'));
  for (const provider of ['withings', 'oura'] as const) {
    const back = await consent(scene, url, one, provider, userId);
    const connected = await page('callback', one.get(back));
    expect([provider, connected.status]).toEqual([provider, 303]);
    await page('connected', one.get(`${url}${connected.headers.get('location') ?? ''}`), ['own']);
  }
  // Only who has subscribed by then hears of what is released.
  await quiet(scene);
  await deliveries(scene, url);
  for (const path of ['/', '/connections', '/connections?user_id=nobody'])
    await page(path, one.get(`${url}${path}`), ['own']);
  await page('pages of nobody', openSurfer().get(`${url}/connections`));
  await page('invitation of nobody', openSurfer().get(`${url}/join/canary`));
  await quiet(scene);
  await commands(scene);
  const rows = await runCommand(['query', 'select value from observations', '--json'], environment);
  expect(rows.out).toContain(OWN.weightRead);

  nasty.next('oura refresh', 'refusal');
  for (const grant of nest.ledger.grants('oura')) nest.ledger.loseAccess(grant);
  await command('collect oura --user Ann --debug');
  nasty.next('withings data', ...ALL, ...ALL);
  await command('disconnect withings --user Ann --debug', { own: true });
  await command('doctor --json');
  files(scene, { isRunning: true });
  for (const provider of ['withings', 'oura'] as const) nasty.next(`${provider} data`, ...ALL, ...ALL);
  expect((await command('forget --user Ann --yes --json --debug')).code).toBe(0);
  nasty.forget();
  await program.stop();
  keep('the server’s own words', program.said());
  files(scene, { isRunning: false });

  expect(program.said().toString()).toContain('Stopping');
  for (const what of ['state', 'verifier', 'session', 'notice key'])
    expect([what, canaries.count(what)]).not.toEqual([what, 0]);
  expect(canaries.count('drawn for ledger')).toBeGreaterThan(20);
  expect(nasty.served()).toBeGreaterThan(60);
  expect(surfaces.length).toBeGreaterThan(150);
  expect(canaries.seenIn(surfaces)).toEqual([]);
});

test('no report of a crash is written, whatever the environment says', async () => {
  const home = temporaryDirectory();
  const flags = '--report-on-signal --report-uncaught-exception --report-on-fatalerror';
  const environment = {
    NODE_OPTIONS: flags,
    WELLSPRING_DATA_DIR: join(home, 'data'),
    WELLSPRING_OWNER_TOKEN: OWNER_TOKEN,
  };
  const program = startServer(['serve', '--port', '0', '--json'], environment, home);
  await program.listening;
  program.signal('SIGUSR2');
  await clock.sleep(1500);
  await program.stop();
  expect(readdirSync(home).filter((name) => name.startsWith('report'))).toEqual([]);
});
