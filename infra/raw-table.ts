import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { providers } from '../providers/index.ts';
import { Component } from './component.ts';
import type { Lake } from './lake.ts';

/**
 * Partitions are computed, not stored: whatever there may be raw objects of, beside the program's own facts. Not those of the configuration
 * alone: files are imported of any provider, and what came stays when one is taken out.
 */
const PROVIDERS = [...Object.keys(providers), 'wellspring'].join(',');
/** The first day there can be raw objects of. */
const SINCE = '2026-01-01';

export interface RawTableOptions {
  readonly lake: Lake;
  readonly database: pulumi.Input<string>;
}

/**
 * `raw_json`: raw objects as text, found by date and provider without a crawler (partition projection), so that a person can look at what
 * came. Payloads stand in them byte for byte: one that was sent with line breaks is as many rows, because text tables end rows there.
 */
export class RawTable extends Component {
  constructor(name: string, { lake, database }: RawTableOptions, parent: pulumi.ComponentResource) {
    super('RawTable', name, { parent });
    const location = pulumi.interpolate`s3://${lake.raw.bucket}/raw/`;
    new aws.glue.CatalogTable(
      name,
      {
        name: 'raw_json',
        databaseName: database,
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          'projection.day.range': `${SINCE},NOW`,
          'projection.provider.type': 'enum',
          'projection.provider.values': PROVIDERS,
          // `${day}` and `${provider}` are Athena's own placeholders.
          'storage.location.template': pulumi.interpolate`${location}$\{day}/$\{provider}/`,
        },
        partitionKeys: [
          { name: 'day', type: 'string', comment: 'UTC date of writing' },
          { name: 'provider', type: 'string' },
        ],
        storageDescriptor: {
          location,
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          // A separator no JSON text holds unescaped: the whole line is one column.
          serDeInfo: {
            serializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
            parameters: { 'field.delim': '\u0001' },
          },
          columns: [
            {
              name: 'json',
              type: 'string',
              comment: 'The CloudEvents document; a line of it where the provider sent line breaks',
            },
          ],
        },
      },
      // Glue adds what it computed.
      { ...this.child, ignoreChanges: ['parameters["transient_lastDdlTime"]'] },
    );
    this.registerOutputs({});
  }
}
