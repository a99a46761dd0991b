import type { Runtime } from '../app/runtime.ts';
import { createS3Exports } from '../ports/exports/s3.ts';
import { createS3Inbox } from '../ports/inbox/s3.ts';
import { createSnsAddresses } from '../ports/notifier/sns-subscriptions.ts';
import { readSecret } from '../ports/secret/secrets-manager.ts';
import { batchesOf } from './batches.ts';
import type { Environment } from './environment.ts';
import { createHeld, SECRETS_MS } from './held.ts';
import { fetchingOf, tablesOf } from './runtime.ts';

/** Everything pages and API need; what takes longer than an answer may is handed to other functions. */
export async function openWeb(
  environment: Environment<'web'>,
): Promise<Runtime & { readonly refresh: () => Promise<void> }> {
  const { RAW_BUCKET: bucket, SUMMARY_TOPIC: topicArn, MAIL_DETAIL: mailDetail } = environment;
  const fetching = await fetchingOf('web', environment);
  const { clock, state } = fetching;
  const read = async () => ({ token: (await readSecret(environment.OWNER_TOKEN)).trim() });
  const owner = createHeld({ read, clock, againMs: SECRETS_MS });
  await owner.refresh();
  const tables = tablesOf(environment);
  return {
    ...fetching,
    ...tables,
    ...batchesOf(environment, { clock, ...tables }),
    get ownerToken() {
      return owner.value().token;
    },
    refresh: async () => void (await Promise.all([fetching.refresh(), owner.refresh()])),
    mailDetail,
    addresses: createSnsAddresses({ topicArn, state, clock }),
    inbox: createS3Inbox({ bucket }),
    exports: createS3Exports({ bucket: environment.RESULTS_BUCKET }),
  };
}
