import { runKills } from '../../support/kills.ts';
import { killJobs } from './kills.ts';

const SHOWN = 20;

// `npm run test:killed-jobs -- --kills 100`: exit 1 when a reader saw what was never published or the tables differ.
await runKills(
  async (kills) => {
    const report = await killJobs(kills);
    return { ...report, problems: report.problems.slice(0, SHOWN) };
  },
  ({ kills, late, changes, reads }, seconds) =>
    `${kills} kills (${late} runs over before) of ${changes} changes in ${seconds} s; a reader read all tables ${reads} times`,
);
