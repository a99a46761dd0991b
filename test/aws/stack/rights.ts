import { expect, test } from 'vitest';
import { judgeAsked } from '../../support/rights/judge-asked.ts';
import type { Household } from '../../support/stand/household.ts';

/** Rights nobody is seen to use above, and why they are there: by how `function: statement action` begins, with `*` for every function. */
const UNSEEN: Readonly<Record<string, string>> = {
  '*: WriteLogs': 'Lambda writes what the function says, as its role',
  '*: SendDeadLetters': 'Lambda sends calls that failed three times, as its role',
  'collect: TakeWork': 'Lambda takes the messages, as its role',
  '*: FindTables': 'Athena looks tables up with the rights of whoever asks',
  '*: ProbeDefault': 'Athena looks whether there is a database called default with the rights of whoever asks',
  '*: ReadTables': 'Athena reads tables with the rights of whoever asks',
  '*: KeepAnswers': 'Athena writes and reads its answers with the rights of whoever asks',
  '*: FindBuckets': 'Athena looks where its answers go with the rights of whoever asks',
  '*: AskAthena athena:StopQueryExecution': 'a question that takes too long is ended',
  'web: AskAthena': 'observations, refused records and free questions are asked of the tables',
  '*: WriteState dynamodb:UpdateItem': 'counters, and leases that are renewed',
  '*: WriteState dynamodb:DeleteItem': 'marks and leases that end',
  '*: CopyRows': 'the copy of a batch whose event was lost, and its removal',
  'web: RawGet': 'the object behind a number is shown by explain',
  'sweep: RawGet': 'a notice that was left over is read',
  'forget: StartWorkflow': 'before it is told whose objects of a passed-on account are, all are published',
  'forget: RawGet': 'the files imported objects came from, and refused bytes that name somebody',
  'forget: RawPut': 'the fact that a connection ended, and markers a request could not write',
  'collect: RawList': 'without it a missing object is 403 and not 404',
  'import: RawList': 'without it a missing object is 403 and not 404',
  '*: Denied': 'the marker of an account that somebody connects anew is taken away',
  'web: Runs': 'wellspring process --stack asks what is not published',
  'web: StartWorkflow': 'wellspring process --stack starts it',
  '*: HoldGrants': 'renewal, return and end of grants, which here are good for hours',
  '*: KeepSubscriptions': 'doctor looks whether an address was confirmed; one that changes is ended',
  'readings: PublishEvents':
    'a goal met, an anomaly or a silence is told to whoever listens; nothing above is any of them',
  'summarize: PublishEvents': 'what was new at night, and silences, which begin without a batch',
  'forget: PublishEvents': 'facts that were left open are told',
  'forget: EndSubscriptions sns:Unsubscribe': 'an address two people share is left to the other',
  'export: ExportsPut s3:AbortMultipartUpload': 'an export that breaks off leaves no parts',
  'transform: ': 'not called here: test/aws/transform.test.ts judges what it asks for',
  'export: Unload': 'files of UNLOAD, which moto does not write',
};

const twinOf = (one: string): string =>
  one.replace(/^(?:readings|summarize)/, (name) => (name === 'readings' ? 'summarize' : 'readings'));
const isMeant = (one: string, how: string): boolean =>
  (how.startsWith('*') ? one.replace(/^\w+/, '*') : one).startsWith(how);

/** Everything the functions asked for above, judged by the policies of the recorded program. */
export function rights(house: () => Household): void {
  test('every call a function made its role allows, and what is missing AWS would say is missing', () => {
    const { stand } = house();
    const { refused, hidden } = judgeAsked(stand.stack, stand.asked());
    expect(refused).toEqual([]);
    expect(hidden).toEqual([]);
  });

  test('every right of every function is used above, or stands in the table with its reason', () => {
    const { stand } = house();
    const all = judgeAsked(stand.stack, stand.asked()).unused;
    // Which of the two sends the morning texts is a matter of who is first.
    const unused = all.filter((one) => twinOf(one) === one || all.includes(twinOf(one)));
    const reasons = Object.keys(UNSEEN);
    expect(unused.filter((one) => !reasons.some((reason) => isMeant(one, reason)))).toEqual([]);
    expect(reasons.filter((reason) => !unused.some((one) => isMeant(one, reason)))).toEqual([]);
  });
}
