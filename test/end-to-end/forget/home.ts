import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFiles } from '../../../app/import.ts';
import { invite } from '../../../app/invite.ts';
import { link } from '../../../app/connections.ts';
import { exclusively } from '../../../app/exclusive.ts';
import { saveGrant } from '../../../app/grant.ts';
import { addUser, type User } from '../../../app/people.ts';
import { startSession } from '../../../app/session.ts';
import { everyRecord, tie } from '../../../app/tie.ts';
import { transform } from '../../../app/transform.ts';
import { createWebhooks } from '../../../app/webhooks.ts';
import { openRuntime, type LocalRuntime } from '../../../local/runtime.ts';
import { bucketOf } from '../../../ports/engine/duckdb/buckets.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { fixture } from '../../support/fixture.ts';
import { createShiftedClock } from '../crash/clock.ts';

/** The two people of the recorded pushes. */
export const ANN = 'd3315b1072421d0dd7c8f6b8e1de4df8';
export const BEN = '4aacafe82427c251df9c9592d0c06768';
export const NAME = 'Zephyrine Quicksilver-Ångström';
export const MAIL = 'zephyrine@quicksilver.example';
export const TOKENS = ['an-access-token-of-zephyrine', 'a-refresh-token-of-zephyrine'] as const;
/** Texts only her records have: two of her watch's, three of her phone's, the name of her file. */
export const VALUES = [
  'x473db21-632b3500',
  'x15372ea-5d7866b4',
  '521.8159279999999',
  '1845.12726399',
  'Sample’s Apple Watch',
  'zephyrine-Nutrition-Summary.csv',
] as const;
export const RING = 'ring-account-of-zephyrine';

/** Opens a data directory for `work`; waits pass quickly, deadlines (which can be called off) stay. `away` is where the ring's company answers. */
export async function at<T>(
  directory: string,
  shiftMs: number,
  away: string,
  work: (runtime: LocalRuntime) => Promise<T>,
): Promise<T> {
  const clock = createShiftedClock(shiftMs);
  const runtime = await openRuntime({
    dataDir: directory,
    zone: 'UTC',
    publicUrl: 'https://well.example',
    clock: {
      now: () => clock.now(),
      sleep: (ms, signal) => clock.sleep(signal === undefined ? Math.min(ms, 10) : ms, signal),
    },
    settings: { oura: { clientId: 'us', clientSecrets: [new Secret('our secret')], baseUrl: away } },
  });
  try {
    return await work(runtime);
  } finally {
    await runtime.close();
  }
}

export interface Home {
  readonly ann: User;
  readonly ben: User;
  /** Of Ann's phone. */
  readonly token: string;
}

/** Sends a body to a door of the runtime as providers do, which send again what could not be stored in time (503); answers the status. */
export async function push(runtime: LocalRuntime, path: string, body: string, token?: string): Promise<number> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  const sent = await createWebhooks(runtime).request(path, { method: 'POST', body, headers });
  return sent.status === 503 ? push(runtime, path, body, token) : sent.status;
}

export const watchDoor = (runtime: LocalRuntime): string =>
  `/webhooks/garmin/${runtime.keyring.issue('garmin', 'path', 'k1')}`;

/** The same runtime, for a person whose rows are in other files: of ids drawn by chance one in sixteen shares them. */
function apartFrom({ user_id: other }: User, runtime: LocalRuntime): LocalRuntime {
  const id = (prefix: string, length: number): string => {
    const drawn = runtime.ids.id(prefix, length);
    return prefix === 'u' && bucketOf(drawn) === bucketOf(other) ? id(prefix, length) : drawn;
  };
  return { ...runtime, ids: { ...runtime.ids, id } };
}

/** Two people with everything the product keeps of people, published in two batches; something of Ann in each place. */
export async function furnish(runtime: LocalRuntime): Promise<Home> {
  const ann = await addUser(runtime, { name: NAME, zone: 'Europe/Paris', units: 'metric', email: MAIL });
  const ben = await addUser(apartFrom(ann, runtime), { name: 'Ben', zone: 'Europe/Paris', units: 'metric' });
  await link(runtime, { provider: 'garmin', user: ann, externalId: ANN });
  await link(runtime, { provider: 'garmin', user: ben, externalId: BEN });
  const { token = '' } = await link(runtime, { provider: 'apple', user: ann });
  const door = watchDoor(runtime);
  for (const name of ['spec-push-dailies-two-users', 'spec-push-sleeps']) {
    await push(runtime, door, fixture(`garmin/${name}.json`));
  }
  await transform(runtime);
  for (const name of ['spec-push-epochs', 'spec-push-mixed-body-vitals', 'spec-userPermissionsChange']) {
    await push(runtime, door, fixture(`garmin/${name}.json`));
  }
  await push(runtime, '/webhooks/apple', fixture('apple/hae-metrics-kj-multiday.json'), token);
  await push(runtime, door, `{"dailies":[{"userId":"${ANN}", broken`);
  await push(runtime, door, 'broken and nameless');
  const file = {
    name: 'zephyrine-Nutrition-Summary.csv',
    bytes: Buffer.from(fixture('myfitnesspal/Nutrition-Summary-2024-07-02-to-2026-03-02.csv')),
  };
  await importFiles(runtime, { provider: 'myfitnesspal', user: ann, files: [file] });
  await transform(runtime);

  const wanted = {
    provider: 'oura',
    external_id: RING,
    user_id: ann.user_id,
    kind: 'oauth',
    scopes: ['daily'],
  } as const;
  const ring = await exclusively(runtime, async () => tie(runtime, await everyRecord(runtime.state), wanted));
  const tokens = {
    access: new Secret(TOKENS[0]),
    refresh: new Secret(TOKENS[1]),
    expiresAt: null,
    scopes: null,
    fields: {},
  };
  await saveGrant(runtime.vault, ring.connection_id, tokens, { expect: 0 });
  await startSession(runtime, { role: 'person', userId: ann.user_id });
  await invite(runtime, ann);
  const letter = {
    userId: ann.user_id,
    day: '2026-11-20',
    kind: 'summary',
    subject: 'Yesterday',
    text: `Hello ${MAIL}\n`,
  } as const;
  await runtime.notifier.deliver(letter);
  await runtime.notifier.deliver({ ...letter, userId: ben.user_id, text: 'Hello Ben\n' });
  for (const folder of [
    join('inbox', 'apple', NAME),
    join('inbox', 'garmin', ann.user_id),
    join('exports', ann.user_id),
  ]) {
    mkdirSync(join(runtime.dataDir, folder), { recursive: true });
    writeFileSync(join(runtime.dataDir, folder, 'file.json'), MAIL);
  }
  // A writer that was killed: no process has this number.
  writeFileSync(join(runtime.dataDir, '.tmp', '99999999-1'), `half of something of ${MAIL}`);
  return { ann, ben, token };
}
