import * as pulumi from '@pulumi/pulumi';
import { createKeyring } from '../providers/kit/keyring.ts';
import type { Keyring } from '../providers/kit/provider.ts';
import type { Api } from './api.ts';
import type { Athena } from './athena.ts';
import type { Bus } from './bus.ts';
import type { Catalog } from './catalog.ts';
import type { StackConfig } from './config.ts';
import type { Functions } from './functions.ts';
import type { Lake } from './lake.ts';
import type { Schedules } from './schedules.ts';
import type { Topic } from './topic.ts';
import type { Transform } from './transform.ts';
import type { Vault } from './vault.ts';
import type { Work } from './work.ts';

export interface OutputsOptions {
  readonly config: Pick<StackConfig, 'providers' | 'engine'>;
  readonly api: Api;
  readonly athena: Athena;
  readonly bus: Bus;
  readonly catalog: Catalog;
  readonly lake: Lake;
  readonly functions: Functions;
  readonly schedules: Schedules;
  readonly alerts: Topic;
  readonly summary: Topic;
  readonly transform: Transform;
  readonly vault: Vault;
  readonly work: Work;
}

/** Addresses of one provider; null where its door needs none. */
interface Addresses {
  readonly provider: string;
  readonly webhook_url: string | null;
  readonly redirect_url: string | null;
}

/** The same addresses `wellspring urls` prints. */
type AddressesOf = (runtime: { readonly publicUrl: string; readonly keyring: Keyring }) => readonly Addresses[];

/** What the stack tells (contract: stack outputs). Webhook addresses are secrets: some hold a key. */
export function outputsOf(options: OutputsOptions, addressesOf: AddressesOf) {
  const { config, api, athena, bus, catalog, lake, summary, transform, vault } = options;
  const { alerts, functions, schedules, work } = options;
  const addresses = pulumi.all([api.url, vault.ingestSecrets]).apply(([publicUrl, secrets]) => {
    const all = addressesOf({ publicUrl, keyring: createKeyring({ secrets }) });
    return all.filter(({ provider }) => config.providers.includes(provider));
  });
  return {
    url: api.url,
    webhookUrls: pulumi.secret(addresses.apply((all) => present(all, 'webhook_url'))),
    // Nothing of the secret is in these.
    oauthRedirectUrls: pulumi.unsecret(addresses.apply((all) => present(all, 'redirect_url'))),
    dashboardUrl: pulumi.interpolate`${api.url}/`,
    rawBucket: lake.raw.bucket,
    lakeBucket: lake.tables.bucket,
    athenaWorkgroup: athena.workgroup,
    athenaDatabase: catalog.database,
    athenaRawDatabase: catalog.rawDatabase,
    glueWorkflow: transform.workflow.workflowName,
    engine: config.engine,
    busName: bus.busName,
    summaryTopicArn: summary.arn,
    ownerTokenSecretArn: vault.ownerTokenArn,
    alertsTopicArn: alerts.arn,
    /** Addresses of the queues `redrive` empties, by what is in them. */
    deadLetterQueues: {
      undelivered: bus.dead.url,
      failed: functions.dead.url,
      missed: schedules.dead.url,
      fetches: work.dead.url,
    },
  };
}

function present(all: readonly Addresses[], field: 'webhook_url' | 'redirect_url'): Record<string, string> {
  return Object.fromEntries(all.flatMap((one) => (one[field] === null ? [] : [[one.provider, one[field]]])));
}
