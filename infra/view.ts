import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { Mart } from './marts.ts';

export interface ViewOptions {
  readonly database: pulumi.Input<string>;
  readonly mart: Mart;
  /** What the view is called. */
  readonly called: string;
}

/** Types of the models as Glue and as Athena write them. */
const TYPES: Readonly<Record<string, readonly [glue: string, athena: string]>> = {
  text: ['string', 'varchar'],
  int: ['int', 'integer'],
  bigint: ['bigint', 'bigint'],
  double: ['double', 'double'],
  date: ['date', 'date'],
  // Glue has no type for Iceberg's instants of microseconds with a zone: a view gives them in UTC, by the millisecond.
  timestamp: ['timestamp', 'timestamp(3)'],
  boolean: ['boolean', 'boolean'],
};

/** A mart under its other name: a view for Athena, which takes it from the text Glue keeps. It may be there before the mart is. */
export class View extends Component {
  constructor(name: string, { database, mart, called }: ViewOptions, parent: pulumi.ComponentResource) {
    super('View', name, { parent });
    const columns = mart.columns.map((column) => ({ ...column, ...typesOf(column.type, mart.name) }));
    const cells = columns.map(({ name: cell, type, athena }) =>
      type === 'timestamp' ? `cast(${cell} as ${athena}) as ${cell}` : cell,
    );
    // By name, not by `*`: a column the table gains later leaves the view as it is.
    const originalSql = `select ${cells.join(', ')} from ${mart.name}`;
    const told = pulumi.jsonStringify({
      originalSql,
      catalog: 'awsdatacatalog',
      schema: database,
      columns: columns.map(({ name: cell, athena }) => ({ name: cell, type: athena })),
    });
    new aws.glue.CatalogTable(
      name,
      {
        name: called,
        databaseName: database,
        description: `The table ${mart.name} under another name`,
        tableType: 'VIRTUAL_VIEW',
        viewOriginalText: told.apply((text) => `/* Presto View: ${Buffer.from(text).toString('base64')} */`),
        viewExpandedText: '/* Presto View */',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        storageDescriptor: {
          columns: columns.map(({ name: cell, glue }) => ({ name: cell, type: glue })),
          serDeInfo: { name: '-', serializationLibrary: '-' },
        },
      },
      // Glue adds what it computed.
      { ...this.child, ignoreChanges: ['parameters["transient_lastDdlTime"]'] },
    );
    this.registerOutputs({});
  }
}

function typesOf(type: string, mart: string): { readonly glue: string; readonly athena: string } {
  const known = TYPES[type];
  if (known === undefined) throw new pulumi.RunError(`models/marts/${mart}.yml: a view has no type for ${type}.`);
  const [glue, athena] = known;
  return { glue, athena };
}
