import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import { region } from './policy.ts';

type Metric = readonly (pulumi.Input<string> | Readonly<Record<string, pulumi.Input<string>>>)[];

export interface Widget {
  readonly title: string;
  readonly metrics: readonly Metric[];
  readonly statistic?: 'Sum' | 'Maximum' | 'Average' | 'p95';
}

const WIDTH = 12;
const HEIGHT = 6;

/** One CloudWatch dashboard, two widgets a row. */
export class Board extends Component {
  constructor(name: string, { widgets }: { readonly widgets: readonly Widget[] }, parent: pulumi.ComponentResource) {
    super('Board', name, { parent });
    new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: this.physical('overview'),
        dashboardBody: pulumi.jsonStringify({
          widgets: widgets.map(({ title, metrics, statistic = 'Sum' }, at) => ({
            type: 'metric',
            x: (at % 2) * WIDTH,
            y: Math.floor(at / 2) * HEIGHT,
            width: WIDTH,
            height: HEIGHT,
            properties: { title, region, stat: statistic, period: 300, view: 'timeSeries', metrics },
          })),
        }),
      },
      this.child,
    );
    this.registerOutputs({});
  }
}
