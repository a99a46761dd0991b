import { createRandomIds } from '../../ports/ids/random.ts';
import { createDynamoState } from '../../ports/state/dynamodb.ts';
import { onAws } from '../support/aws.ts';
import { makeTable } from '../support/aws-made.ts';
import { lateChanges } from '../support/late.ts';

onAws((aws) => {
  lateChanges('dynamodb', async (clock) => {
    const { connection } = aws;
    const table = await makeTable(connection);
    const open = () => createDynamoState({ table, clock, ids: createRandomIds(), connection });
    return [open(), open()];
  });
});
