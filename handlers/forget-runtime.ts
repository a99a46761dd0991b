import { createGlueEraseJob, createGlueWorkflow } from '../ports/engine/glue.ts';
import { createRemoteEngine } from '../ports/engine/remote.ts';
import { createRuns } from '../ports/engine/runs.ts';
import { createSnsAddresses } from '../ports/notifier/sns-subscriptions.ts';
import type { Later } from '../ports/premises/premises.ts';
import { createS3Premises } from '../ports/premises/s3.ts';
import type { Environment } from './environment.ts';
import { fetchingOf, PATIENTLY, tablesOf } from './runtime.ts';

/** What forgets by itself; days that are not told by the stack's configuration are those infra/ sets (state.ts, audit.ts, lake.ts). */
function laterOf({ LOG_DAYS, ARCHIVE_DAYS }: Environment<'forget'>): readonly Later[] {
  return [
    { place: 'backups of the records', what: 'the person’s name, zone and connections', gone_after_days: 35 },
    {
      place: 'archive of the bus',
      what: 'ids, names of raw objects, and metrics that were told of',
      gone_after_days: ARCHIVE_DAYS,
    },
    { place: 'logs of the functions', what: 'ids in what failed', gone_after_days: LOG_DAYS },
    { place: 'log of changed raw objects', what: 'names of raw objects', gone_after_days: 396 },
    { place: 'dead letters', what: 'ids, and names of raw objects', gone_after_days: 15 },
    { place: 'history of questions and jobs', what: 'ids they were asked with', gone_after_days: 366 },
    { place: 'exports that broke off', what: 'parts nobody can read', gone_after_days: 8 },
    { place: 'answers of Athena', what: 'rows of questions asked meanwhile', gone_after_days: 8 },
  ];
}

/** Everything a person leaves traces in, and the only rights to remove old versions of it. */
export async function openForget(environment: Environment<'forget'>) {
  const { RAW_BUCKET: raw, LAKE_BUCKET: lake, RESULTS_BUCKET: results, SUMMARY_TOPIC: topicArn } = environment;
  const fetching = await fetchingOf('forget', environment);
  const { clock, state } = fetching;
  const tables = tablesOf(environment, PATIENTLY);
  const runs = createRuns({ bucket: lake, clock });
  const workflow = createGlueWorkflow({ workflow: environment.WORKFLOW });
  const job = createGlueEraseJob({ job: environment.ERASE_JOB, clock });
  const erasing = { job, workflow, readings: tables.readings };
  return {
    ...fetching,
    ...tables,
    workflow,
    copy: { runs, readings: tables.readings },
    engine: createRemoteEngine({ runs, warehouse: tables.warehouse, clock, erasing }),
    premises: createS3Premises({ raw, lake, results, later: laterOf(environment) }),
    addresses: createSnsAddresses({ topicArn, state, clock }),
    unclaimedDays: environment.UNCLAIMED_DAYS,
  };
}
