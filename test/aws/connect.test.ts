// Connecting and renewing over DynamoDB, Secrets Manager, S3 and EventBridge. moto shows every byte that was written; what AWS itself logs of
// a call (CloudTrail names the secret, never its text) only a real account shows.
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import nock from 'nock';
import { afterEach, expect, test } from 'vitest';
import { arrive, start } from '../../app/connect.ts';
import { oauthProvider } from '../../app/connect/setup.ts';
import { listConnections } from '../../app/connections.ts';
import { openGrant, saveGrant } from '../../app/grant.ts';
import { addUser } from '../../app/people.ts';
import { clientSettings } from '../../ports/aws.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createEventBridgeBus } from '../../ports/bus/eventbridge.ts';
import { createS3Objects } from '../../ports/objects/s3.ts';
import { createDynamoState } from '../../ports/state/dynamodb.ts';
import { createSecretsManagerVault } from '../../ports/vault/secrets-manager.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { createCanaries, type Surface } from '../end-to-end/canary/canaries.ts';
import { onAws } from '../support/aws.ts';
import { makeBucket, makeBus, makeTable, nameOf, removeSecrets } from '../support/aws-made.ts';
import { keysOf } from '../support/door.ts';
import { openFront } from '../support/front.ts';

const BROWSER = 'B'.repeat(43);
const ids = createRandomIds();
const [ACCESS, REFRESH, CODE] = ['access', 'refresh', 'code'].map((what) => `canary-${what}-${ids.secret(24)}`);

const surface = (name: string, text: string | Uint8Array): Surface => ({
  name,
  bytes: Buffer.from(text),
  may: [],
});

const tokens = (n: number) => ({
  access: new Secret(`access-${n}`),
  refresh: new Secret(`refresh-${n}`),
  expiresAt: null,
  scopes: null,
  fields: {},
});

afterEach(() => nock.cleanAll());

onAws((aws) => {
  /** The pages over the drivers of the cloud, and everything outside the vault that can be read. */
  async function open() {
    const { connection } = aws;
    const [front, table, bucket, bus] = [
      await openFront(),
      await makeTable(connection),
      await makeBucket(connection),
      await makeBus(connection),
    ];
    const state = createDynamoState({ table, clock: front.clock, ids, connection });
    const prefix = nameOf('vault');
    removeSecrets(connection, prefix, state);
    const vault = createSecretsManagerVault({ prefix, state, ids, connection });
    const objects = createS3Objects({ bucket, connection });
    const said: string[] = [];
    const events = createEventBridgeBus({ bus, connection });
    const publish: typeof events.publish = (all) => (said.push(JSON.stringify(all)), events.publish(all));
    const runtime = { ...front.runtime, state, vault, objects, bus: { publish } };
    const surfaces = async (): Promise<readonly Surface[]> => {
      const items = [];
      const client = new DynamoDBClient(clientSettings(connection));
      for await (const page of paginateScan({ client }, { TableName: table })) items.push(...(page.Items ?? []));
      const keys = await keysOf(objects, '');
      const documents = await Promise.all(keys.map(async (key) => (await objects.get(key)) ?? ''));
      expect([items.length > 0, keys.length > 0, said.length > 0]).toEqual([true, true, true]);
      return [
        surface('the table', JSON.stringify(items)),
        ...documents.map((document, at) => surface(keys[at] ?? '', document)),
        surface('the bus', said.join('\n')),
      ];
    };
    return { runtime, vault, surfaces };
  }

  test('who comes back from a provider is connected, and no token is anywhere but in the vault', async () => {
    const { runtime, vault, surfaces } = await open();
    const canaries = createCanaries();
    for (const [what, text] of Object.entries({ access: ACCESS, refresh: REFRESH, code: CODE }))
      canaries.add('secret', what, text);
    const body = {
      userid: 363,
      access_token: ACCESS,
      refresh_token: REFRESH,
      expires_in: 10_800,
      scope: 'user.metrics',
      token_type: 'Bearer',
    };
    nock('https://wbsapi.withings.net')
      .post('/v2/oauth2', /action=requesttoken/)
      .reply(200, { status: 0, body });
    const { user_id: userId } = await addUser(runtime, { name: 'Anna' });
    const address = await start(runtime, { provider: 'withings', userId, browser: BROWSER });
    const flow = new URL(address).searchParams.get('state') ?? '';
    const search = `?code=${CODE}&state=${flow}`;
    const arrived = await arrive(runtime, oauthProvider('withings'), { search, browser: BROWSER });
    expect(arrived.kind).toBe('connected');
    const [connection = expect.unreachable()] = await listConnections(runtime);
    const opened = await openGrant(vault, connection.connection_id);
    expect(opened.kind === 'grant' && opened.grant.tokens.refresh?.reveal()).toBe(REFRESH);
    expect(canaries.seenIn(await surfaces())).toEqual([]);
  });

  test('of two who store the tokens of one grant at once one is told that the other was first', async () => {
    const { vault } = await open();
    await saveGrant(vault, 'c_1', tokens(0), { expect: 0, nowMs: 0 });
    for (let generation = 1; generation <= 5; generation += 1) {
      const save = (n: number) => saveGrant(vault, 'c_1', tokens(n), { expect: generation, nowMs: 0 });
      const both = await Promise.all([save(1), save(2)]);
      expect(both.filter(({ ok }) => ok)).toHaveLength(1);
      const opened = await openGrant(vault, 'c_1');
      const kept = opened.kind === 'grant' ? opened.grant.tokens.refresh?.reveal() : undefined;
      expect(kept).toBe(both[0]?.ok ? 'refresh-1' : 'refresh-2');
    }
  });
});
