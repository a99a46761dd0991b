import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { Lake } from './lake.ts';
import { statedMarts } from './marts.ts';
import { underscored } from './names.ts';
import { arnOf, type Grant, type Statement } from './policy.ts';
import { RawTable } from './raw-table.ts';
import { View } from './view.ts';

const LOOK = ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'];
const CHANGE = ['glue:CreateTable', 'glue:UpdateTable'];

export interface CatalogOptions {
  readonly lake: Lake;
}

/** The two databases of Glue's catalog: the tables, whose columns the jobs decide about, and raw objects as they came. */
export class Catalog extends Component {
  readonly database: pulumi.Output<string>;
  readonly rawDatabase: pulumi.Output<string>;

  constructor(name: string, { lake }: CatalogOptions) {
    super('Catalog', name);
    const tables = new aws.glue.CatalogDatabase(
      this.named('tables'),
      {
        name: underscored,
        description: 'Tables made from raw objects',
        locationUri: pulumi.interpolate`s3://${lake.tables.bucket}/tables/`,
      },
      this.child,
    );
    const raw = new aws.glue.CatalogDatabase(
      this.named('raw'),
      { name: `${underscored}_raw`, description: 'Raw objects as they came' },
      this.child,
    );
    this.database = tables.name;
    this.rawDatabase = raw.name;
    new RawTable('raw-json', { lake, database: raw.name }, this);
    for (const mart of statedMarts()) {
      const called = mart.alsoCalled;
      if (called !== undefined) new View(called.replaceAll('_', '-'), { database: tables.name, mart, called }, this);
    }
    this.registerOutputs({ database: this.database, rawDatabase: this.rawDatabase });
  }

  /** Finds tables and their columns. */
  look(): readonly Statement[] {
    return [
      { Sid: 'FindTables', Action: LOOK, Resource: arnsOf(this.database) },
      // Athena and Spark always ask whether there is a database of this name.
      { Sid: 'ProbeDefault', Action: ['glue:GetDatabase'], Resource: [arnOf('glue', 'database/default')] },
    ];
  }

  /** Makes tables and moves them on. */
  keep(): readonly Statement[] {
    return [...this.look(), { Sid: 'KeepTables', Action: CHANGE, Resource: arnsOf(this.database) }];
  }

  /** The same for who asks the catalog itself and no Spark: every table by its name, none as a list of partitions. */
  commit(): Grant<'DATABASE'> {
    const Action = ['glue:GetTable', 'glue:GetTables', ...CHANGE];
    return {
      environment: { DATABASE: this.database },
      statements: [{ Sid: 'KeepTables', Action, Resource: arnsOf(this.database) }],
    };
  }

  /** Writes down what a crawler finds. */
  crawl(): Statement {
    const partitions = ['glue:GetPartition', 'glue:BatchGetPartition', 'glue:BatchCreatePartition'];
    return { Sid: 'KeepRawTables', Action: [...LOOK, ...CHANGE, ...partitions], Resource: arnsOf(this.rawDatabase) };
  }
}

function arnsOf(database: pulumi.Output<string>): pulumi.Output<string>[] {
  return [
    arnOf('glue', 'catalog'),
    arnOf('glue', pulumi.interpolate`database/${database}`),
    arnOf('glue', pulumi.interpolate`table/${database}/*`),
  ];
}
