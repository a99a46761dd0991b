import { runKills } from '../../support/kills.ts';
import { killBatches } from './kills.ts';

// `npm run test:killed-batches -- --kills 100`: exit 1 when a reader saw half of a batch or the tables differ.
await runKills(
  killBatches,
  ({ kills, late, reads, batches }, seconds) =>
    `${kills} kills (${late} too late) in ${seconds} s; a reader read all tables ${reads} times and saw ${batches} batches`,
);
