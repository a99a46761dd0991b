import * as aws from '@pulumi/aws';
import type { Athena } from './athena.ts';
import type { Catalog } from './catalog.ts';
import { Component } from './component.ts';
import { readMarts } from './marts.ts';
import { tags } from './names.ts';

export interface QuickSightOptions {
  readonly athena: Athena;
  readonly catalog: Catalog;
  /** Who may see and use it: the ARN of a user or group that exists. */
  readonly principal: string;
}

/** Exactly the sets the console gives: with others every run finds a difference. */
const SOURCE_ACTIONS = [
  'quicksight:DescribeDataSource',
  'quicksight:DescribeDataSourcePermissions',
  'quicksight:PassDataSource',
  'quicksight:UpdateDataSource',
  'quicksight:DeleteDataSource',
  'quicksight:UpdateDataSourcePermissions',
];
const SET_ACTIONS = [
  'quicksight:DescribeDataSet',
  'quicksight:DescribeDataSetPermissions',
  'quicksight:PassDataSet',
  'quicksight:DescribeIngestion',
  'quicksight:ListIngestions',
];

/** QuickSight over the marts: they are asked, not copied. The account's subscription is not ours to make or end. */
export class QuickSight extends Component {
  constructor(name: string, { athena, catalog, principal }: QuickSightOptions) {
    super('QuickSight', name);
    const source = new aws.quicksight.DataSource(
      name,
      {
        dataSourceId: this.physical('athena'),
        name: this.physical('athena'),
        type: 'ATHENA',
        parameters: { athena: { workGroup: athena.workgroup } },
        permissions: [{ principal, actions: SOURCE_ACTIONS }],
        tags,
      },
      this.child,
    );
    for (const [mart, columns] of Object.entries(readMarts())) {
      new aws.quicksight.DataSet(
        this.named(mart),
        {
          dataSetId: this.physical(mart),
          name: mart,
          importMode: 'DIRECT_QUERY',
          physicalTableMaps: [
            {
              physicalTableMapId: mart.replaceAll('_', '-'),
              relationalTable: {
                dataSourceArn: source.arn,
                catalog: 'AwsDataCatalog',
                schema: catalog.database,
                name: mart,
                inputColumns: columns.map((column) => ({ ...column })),
              },
            },
          ],
          permissions: [{ principal, actions: SET_ACTIONS }],
          tags,
        },
        this.child,
      );
    }
    this.registerOutputs({});
  }
}
