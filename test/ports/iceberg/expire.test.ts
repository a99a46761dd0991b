import { expect, test } from 'vitest';
import { metadataOf } from '../../../ports/iceberg/born.ts';
import { expiredIn } from '../../../ports/iceberg/expire.ts';
import { DAYS } from '../../support/iceberg.ts';
import { HISTORIES } from '../../support/snapshots.ts';

test.each(HISTORIES)('a snapshot ends by when it was replaced, not by its age: $title', (history) => {
  const { log, made, kept, before, ended } = history;
  const [current = 0, ...tagged] = kept;
  const metadata = {
    ...metadataOf(DAYS, { uuid: 'u', location: 's3://b/days', now: 0 }),
    'current-snapshot-id': BigInt(current),
    refs: Object.fromEntries(tagged.map((id) => [`tag-${id}`, { type: 'tag', 'snapshot-id': BigInt(id) }])),
    snapshots: made.map(([at, id]) => ({
      'snapshot-id': BigInt(id),
      'sequence-number': id,
      'timestamp-ms': at,
      'manifest-list': '',
      summary: {},
    })),
    'snapshot-log': log.map(([at, id]) => ({ 'timestamp-ms': at, 'snapshot-id': BigInt(id) })),
  };
  expect(expiredIn(metadata, before).map((one) => Number(one['snapshot-id']))).toEqual(ended);
});
