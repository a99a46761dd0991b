import type { Runtime } from '../app/runtime.ts';
import { createS3Exports } from '../ports/exports/s3.ts';
import { createS3Inbox } from '../ports/inbox/s3.ts';
import { createSnsAddresses } from '../ports/notifier/sns-subscriptions.ts';
import { createSnsNotifier } from '../ports/notifier/sns.ts';
import { readSecret } from '../ports/secret/secrets-manager.ts';
import { batchesOf } from './batches.ts';
import type { Environment } from './environment.ts';
import { fetchingOf, tablesOf } from './runtime.ts';

/** Everything pages and API need; what takes longer than an answer may is handed to other functions. */
export async function openWeb(
  environment: Environment<'web'>,
): Promise<Runtime & { readonly refresh: () => Promise<void> }> {
  const { RAW_BUCKET: bucket, SUMMARY_TOPIC: topicArn, MAIL_DETAIL: mailDetail } = environment;
  const [fetching, ownerToken] = await Promise.all([
    fetchingOf('web', environment),
    readSecret(environment.OWNER_TOKEN),
  ]);
  const { clock, state } = fetching;
  const tables = tablesOf(environment);
  return {
    ...fetching,
    ...tables,
    ...batchesOf(environment, { clock, ...tables }),
    ownerToken: ownerToken.trim(),
    notifier: createSnsNotifier({ topicArn, state, clock }),
    mailDetail,
    addresses: createSnsAddresses({ topicArn, state, clock }),
    inbox: createS3Inbox({ bucket }),
    exports: createS3Exports({ bucket: environment.RESULTS_BUCKET }),
  };
}
