import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { clientSettings } from '../../../ports/aws.ts';
import type { Surface } from '../../end-to-end/canary/canaries.ts';
import { bucketAt } from '../../support/stand/bucket.ts';
import type { Household } from '../../support/stand/household.ts';

const surface = (name: string, text: string): Surface => ({
  name,
  bytes: Buffer.from(text),
  may: ['own', 'address'],
});

/** What of all that was given in confidence can be read outside the vault. */
export function canary(house: () => Household): void {
  test('no token, code or secret is in the records, in any version of any object, in an event or in a log', async () => {
    const { stand, canaries } = house();
    const items = [];
    const client = new DynamoDBClient(clientSettings(stand.connection));
    for await (const page of paginateScan({ client }, { TableName: stand.environment('web')['STATE_TABLE'] }))
      items.push(...(page.Items ?? []));
    const surfaces = [surface('the records', JSON.stringify(items)), surface('the logs', stand.said())];
    for (const name of ['RAW_BUCKET', 'LAKE_BUCKET', 'RESULTS_BUCKET']) {
      const bucket = bucketAt(stand.connection, stand.environment('forget')[name] ?? '');
      for (const { Key = '', VersionId, isMarker } of await bucket.versions())
        if (!isMarker) surfaces.push(surface(Key, await bucket.read(Key, VersionId)));
    }
    const told = stand.told();
    surfaces.push(surface('the bus', told.join('\n')));
    expect([items.length > 5, surfaces.length > 5, told.length > 5, stand.said().length > 0]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    // Access and refresh tokens of two people, codes, and the secrets of the stack.
    expect(canaries.all().filter(({ kind }) => kind === 'secret').length).toBeGreaterThan(8);
    expect(canaries.seenIn(surfaces)).toEqual([]);
  });
}
