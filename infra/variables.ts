import type * as pulumi from '@pulumi/pulumi';
import type { FunctionName, Variables } from '../handlers/environment.ts';
import type { Parts } from './parts.ts';

/** What each function reads from its environment: a variable that is not given is a mistake of compilation. */
export type AllVariables = {
  readonly [F in FunctionName]: { readonly [Name in keyof Variables<F>]: pulumi.Input<string> };
};

/** The variables of every function, made from the parts it is found by. */
export function variablesOf(parts: Parts): AllVariables {
  const { config, lake, catalog, bus, state, vault, athena, summary, transform, url } = parts;
  const delivery = {
    ...lake.inRaw().environment,
    ...bus.publish().environment,
    ...vault.verify().environment,
    CLIENT_IDS: JSON.stringify(config.clientIds),
  };
  const people = { ...state.write().environment, PUBLIC_URL: url, ZONE: config.timezone };
  const grants = vault.place;
  const fetching = {
    LOOKBACK_DAYS: String(config.lookbackDays),
    FIRST_FETCH_DAYS: String(config.firstFetchDays),
  };
  const tables = athena.ask().environment;
  const runs = lake.inTables().environment;
  const exports = lake.inResults().environment;
  const topic = summary.publish().environment;
  const mail = { ...topic, MAIL_DETAIL: config.mailDetail };
  const alerting = { ...mail, ...bus.publish().environment };
  const workflow = transform.workflow.start().environment;
  return {
    receive: delivery,
    web: {
      ...delivery,
      ...people,
      ...grants,
      ...fetching,
      ...tables,
      ...runs,
      ...exports,
      ...mail,
      ...workflow,
      ...vault.own().environment,
    },
    collect: { ...delivery, ...people, ...grants, ...fetching },
    import: { ...delivery, ...people },
    readings: { ...people, ...tables, ...runs, ...grants, ...alerting },
    summarize: { ...people, ...tables, ...grants, ...alerting },
    sweep: {
      ...delivery,
      ...people,
      ...grants,
      ...fetching,
      ...runs,
      ...workflow,
      BATCH_WINDOW_SECONDS: String(config.batchWindowSeconds),
    },
    forget: {
      ...delivery,
      ...people,
      ...grants,
      ...fetching,
      ...tables,
      ...runs,
      ...exports,
      ...workflow,
      ...topic,
      ...transform.eraser.start().environment,
      UNCLAIMED_DAYS: String(config.unclaimedDays),
      LOG_DAYS: String(config.logRetentionDays),
      ARCHIVE_DAYS: String(config.archiveRetentionDays),
    },
    export: { ...lake.inRaw().environment, ...people, ...tables, ...exports },
    transform: {
      ...lake.inRaw().environment,
      ...runs,
      ...state.batches().environment,
      ...bus.publish().environment,
      ...catalog.commit().environment,
      SAMPLES: String(config.samples),
    },
  };
}
