// moto moves labels as Secrets Manager does, forgets a deleted secret at once and decrypts everything. With LIVE=1 the same tests show that
// a name AWS has not finished deleting stands in nobody's way, and that racing writers have one winner when they are really at once.
import {
  DescribeSecretCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { clientSettings } from '../../ports/aws.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createDynamoState } from '../../ports/state/dynamodb.ts';
import type { State } from '../../ports/state/state.ts';
import { createSecretVersions } from '../../ports/vault/secret-versions.ts';
import { createSecretsManagerVault } from '../../ports/vault/secrets-manager.ts';
import { isLive, onAws } from '../support/aws.ts';
import { makeTable, nameOf, removeSecrets } from '../support/aws-made.ts';
import { openForwarder } from '../support/forwarder.ts';
import { vaultContract } from './vault.ts';

const ids = createRandomIds();
const unreadable = expect.objectContaining({ code: 'vault_unreadable', remedy: expect.stringMatching(/./) });

onAws((aws) => {
  async function open() {
    const { connection } = aws;
    const table = await makeTable(connection);
    const state = createDynamoState({ table, clock: createFixedClock(0), ids, connection });
    const prefix = nameOf('vault');
    removeSecrets(connection, prefix, state);
    const client = new SecretsManagerClient(clientSettings(connection));
    return {
      prefix,
      state,
      client,
      versions: createSecretVersions({ connection }),
      vault: vaultOver(state, prefix, connection),
      labels: async (name: string) => {
        const described = await client.send(new DescribeSecretCommand({ SecretId: `${prefix}/${name}` }));
        return Object.entries(described.VersionIdsToStages ?? {});
      },
    };
  }

  const vaultOver = (state: State, prefix: string, connection = aws.connection) =>
    createSecretsManagerVault({ prefix, state, ids, connection });

  vaultContract(
    'secrets-manager',
    async () => (await open()).vault,
    () => {
      test('the label is on the text that counts, and the text that lost keeps none', async () => {
        const { vault, labels } = await open();
        await vault.replace('c', 'first', { expect: 0 });
        const both = await Promise.all([
          vault.replace('c', 'a', { expect: 1 }),
          vault.replace('c', 'b', { expect: 1 }),
        ]);
        expect(both.filter(({ ok }) => ok)).toHaveLength(1);
        expect(await vault.read('c')).toEqual({ text: both[0]?.ok ? 'a' : 'b', generation: 2 });
        const stages = (await labels('c')).map(([id, labelled]) => [
          id.split('-').slice(0, 2).join('-'),
          labelled.toSorted(),
        ]);
        // The first text is what AWS would go back to.
        expect(stages).toEqual(
          expect.arrayContaining([
            ['text-1', ['AWSPREVIOUS']],
            ['text-2', expect.arrayContaining(['AWSCURRENT'])],
          ]),
        );
        expect(stages.filter(([, labelled]) => labelled?.includes('AWSCURRENT'))).toHaveLength(1);
        expect(stages.filter(([id, labelled]) => id === 'text-2' && (labelled ?? []).length > 0)).toHaveLength(1);
      });

      test('a version written whose label was never moved changes nothing, for readers and for the next writer', async () => {
        const { vault, versions, prefix } = await open();
        await vault.replace('c', 'first', { expect: 0 });
        const client = new SecretsManagerClient(clientSettings(aws.connection));
        // What a process leaves that dies between its two calls.
        const ClientRequestToken = `text-2-${'a'.repeat(32)}`;
        const died = {
          SecretId: `${prefix}/c`,
          SecretString: '{"text":"died"}',
          ClientRequestToken,
          VersionStages: ['WELLSPRING_WRITTEN'],
        };
        await client.send(new PutSecretValueCommand(died));
        expect(await vault.read('c')).toEqual({ text: 'first', generation: 1 });
        expect(await vault.replace('c', 'second', { expect: 1 })).toEqual({ ok: true, generation: 2 });
        expect(await versions.open(`${prefix}/c`)).toMatchObject({ text: 'second' });
      });

      test('a deleted secret leaves nothing in Secrets Manager, and its name is never used again', async () => {
        const { vault, state, client, prefix } = await open();
        const names = async () => {
          const Filters = [{ Key: 'name' as const, Values: [prefix] }];
          const { SecretList = [] } = await client.send(new ListSecretsCommand({ Filters }));
          return SecretList.map(({ Name = '' }) => Name.slice(prefix.length + 1));
        };
        await vault.replace('c', 'a', { expect: 0 });
        await vault.delete('c');
        if (!isLive) expect(await names()).toEqual([]);
        expect(await vault.replace('c', 'b', { expect: 0 })).toEqual({ ok: true, generation: 2 });
        // A list is up to five minutes old on AWS.
        if (!isLive) expect(await names()).toEqual(['c=n1']);
        expect(JSON.stringify(await state.everything())).not.toMatch(/"text"/);
      });

      test.each(['the label', 'the row'])(
        'a deletion that ended after %s was changed is a deletion, and the next one finishes it',
        async (step) => {
          const { vault, state, versions, prefix } = await open();
          await vault.replace('c', 'a', { expect: 0 });
          const seen = await versions.look(`${prefix}/c`);
          await versions.move(`${prefix}/c`, seen?.version ?? '', `end-1-${'a'.repeat(32)}`, null);
          if (step === 'the row') await state.put('sealed', 'c', { deleted: 1, generation: 1, kept: false });
          expect([await vault.read('c'), await vault.generation('c')]).toEqual([undefined, 0]);
          expect(await vault.delete('c', { expect: 1 })).toBe(true);
          expect([await versions.look(`${prefix}/c`), await vault.ids('')]).toEqual([undefined, []]);
          expect(await vault.replace('c', 'stale', { expect: 1 })).toEqual({ ok: false, reason: 'conflict' });
          expect(await vault.replace('c', 'b', { expect: 0 })).toEqual({ ok: true, generation: 2 });
        },
      );

      test('writers and deletions at once: who was told that it is kept is kept, or deleted by who came later', async () => {
        const { vault } = await open();
        await vault.replace('c', 'start', { expect: 0 });
        for (let round = 0; round < 5; round += 1) {
          const seen = await vault.generation('c');
          const writers = [0, 1, 2].map((n) => vault.replace('c', `text ${round} ${n}`, { expect: seen }));
          const [deleted, ...wrote] = await Promise.all([vault.delete('c', { expect: seen }), ...writers]);
          const won = wrote.flatMap((result, n) => (result.ok ? [n] : []));
          // Of those who have seen one generation one gets through, be it to delete.
          expect(won.length + Number(deleted && seen > 0)).toBe(1);
          expect(await vault.read('c')).toEqual(
            won.length === 1 ? { text: `text ${round} ${won[0]}`, generation: expect.any(Number) } : undefined,
          );
          if (won.length === 0) await vault.replace('c', 'again', { expect: 0 });
        }
      });

      test('what somebody else wrote is a text nobody opens; it has a generation, is replaced and deleted by it', async () => {
        const { vault, client, prefix } = await open();
        await vault.replace('c', 'ours', { expect: 0 });
        await client.send(new PutSecretValueCommand({ SecretId: `${prefix}/c`, SecretString: '{"text":"by hand"}' }));
        await expect(vault.read('c')).rejects.toThrow(unreadable);
        expect([await vault.generation('c'), await vault.ids('')]).toEqual([2, ['c']]);
        expect(await vault.replace('c', 'stale', { expect: 1 })).toEqual({ ok: false, reason: 'conflict' });
        expect(await vault.replace('c', 'anew', { expect: 2 })).toEqual({ ok: true, generation: 3 });
        expect(await vault.read('c')).toEqual({ text: 'anew', generation: 3 });
      });

      test('a text no secret can hold is refused, and the error does not repeat it', async () => {
        const { vault } = await open();
        const failed = { code: 'secret_too_large', message: expect.not.stringContaining('"') };
        await expect(vault.replace('c', '"'.repeat(32_001), { expect: 0 })).rejects.toMatchObject(failed);
        expect(await vault.replace('c', '"'.repeat(32_000), { expect: 0 })).toEqual({ ok: true, generation: 1 });
        expect((await vault.read('c'))?.text).toHaveLength(32_000);
      });

      test.skipIf(isLive)(
        'a writer whose answer was lost on the way knows its own move when it asks again',
        async () => {
          const { state, prefix } = await open();
          const forwarder = await openForwarder(aws.connection);
          const vault = vaultOver(state, prefix, { ...aws.connection, endpoint: forwarder.url, attempts: 3 });
          for (const [expected, operation] of [
            'CreateSecret',
            'PutSecretValue',
            'UpdateSecretVersionStage',
          ].entries()) {
            forwarder.lose(operation);
            expect(await vault.replace('c', operation, { expect: expected })).toEqual({
              ok: true,
              generation: expected + 1,
            });
          }
          forwarder.lose('DeleteSecret');
          expect(await vault.delete('c', { expect: 3 })).toBe(true);
          expect([forwarder.lost, await vault.read('c')]).toEqual([4, undefined]);
        },
      );
    },
  );
});
