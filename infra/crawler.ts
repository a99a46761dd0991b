import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { Catalog } from './catalog.ts';
import { Component } from './component.ts';
import type { StackConfig } from './config.ts';
import { glueRole } from './glue-role.ts';
import type { Key } from './key.ts';
import type { Lake } from './lake.ts';
import { tags } from './names.ts';
import { gets, lists } from './objects.ts';
import type { Transform } from './transform.ts';

export interface CrawlerOptions {
  readonly mode: Exclude<StackConfig['crawlMode'], 'off'>;
  readonly key: Key | undefined;
  readonly lake: Lake;
  readonly catalog: Catalog;
  readonly transform: Transform;
}

/** Ten minutes of two units are paid at least, 15 cents a crawl: so by the clock, when nobody waits for it. UTC. */
const WHEN = { weekly: 'cron(30 4 ? * SUN *)', daily: 'cron(30 4 * * ? *)' };

/** Looks at what lies in raw and writes it down in a database of its own. */
export class Crawler extends Component {
  constructor(name: string, { mode, key, lake, catalog, transform }: CrawlerOptions) {
    super('Crawler', name);
    const statements = [gets('Raw', lake.raw, 'raw/'), lists('Raw', lake.raw), catalog.crawl()];
    const names = { role: this.named('role'), rights: this.named('rights') };
    const physical = this.physical(name);
    const { role, rights } = glueRole({ physical, names, logs: 'crawlers*', key, statements }, this.child);
    const crawler = new aws.glue.Crawler(
      name,
      {
        name: this.physical('raw'),
        role: role.arn,
        databaseName: catalog.rawDatabase,
        s3Targets: [{ path: pulumi.interpolate`s3://${lake.raw.bucket}/raw/`, sampleSize: 1 }],
        recrawlPolicy: { recrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' },
        // The only pair that goes with new folders only.
        schemaChangePolicy: { deleteBehavior: 'LOG', updateBehavior: 'LOG' },
        // The bucket is level 1, `raw/` level 2: one table with the days as partitions. Level 3 would be a table a day.
        configuration: JSON.stringify({
          Version: 1.0,
          Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas', TableLevelConfiguration: 2 },
        }),
        ...(mode === 'workflow' ? {} : { schedule: WHEN[mode] }),
        tags,
      },
      { ...this.child, dependsOn: rights },
    );
    // Last in the workflow: nobody waits for it.
    if (mode === 'workflow') transform.lastly('then-crawl', { crawlerName: crawler.name });
    this.registerOutputs({});
  }
}
