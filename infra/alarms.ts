import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import { tags } from './names.ts';
import type { Topic } from './topic.ts';

/** One thing that somebody has to look at; `runbook` is the part of docs/operations.md that says how. */
export interface Alarm {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic?: 'Sum' | 'Maximum';
  readonly threshold?: number;
  readonly periodS?: number;
  readonly periods?: number;
  /** Silence is the alarm: a heartbeat. */
  readonly silence?: boolean;
  readonly what: string;
  readonly runbook: string;
}

export interface AlarmsOptions {
  readonly topic: Topic;
  readonly alarms: Readonly<Record<string, Alarm>>;
}

/** What wakes the owner: one mail each, with the line of the runbook in it. */
export class Alarms extends Component {
  constructor(name: string, { topic, alarms }: AlarmsOptions, parent: pulumi.ComponentResource) {
    super('Alarms', name, { parent });
    for (const [part, alarm] of Object.entries(alarms)) {
      const silence = alarm.silence === true;
      new aws.cloudwatch.MetricAlarm(
        this.named(part),
        {
          name: this.physical(part),
          alarmDescription: `${alarm.what} docs/operations.md#${alarm.runbook}`,
          namespace: alarm.namespace,
          metricName: alarm.metric,
          dimensions: { ...alarm.dimensions },
          statistic: alarm.statistic ?? 'Sum',
          period: alarm.periodS ?? 300,
          evaluationPeriods: alarm.periods ?? 1,
          threshold: alarm.threshold ?? 1,
          comparisonOperator: silence ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
          treatMissingData: silence ? 'breaching' : 'notBreaching',
          alarmActions: [topic.arn],
          okActions: [topic.arn],
          tags,
        },
        this.child,
      );
    }
    this.registerOutputs({});
  }
}
