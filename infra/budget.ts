import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import { tags } from './names.ts';
import type { Topic } from './topic.ts';

export interface BudgetOptions {
  readonly topic: Topic;
  readonly limitUsd: number;
}

/**
 * A mail when the month's cost nears the limit. Of the whole account: a budget of the stack's tag alone reads 0 for ever until somebody
 * activates the tag in the billing console.
 */
export class Budget extends Component {
  constructor(name: string, { topic, limitUsd }: BudgetOptions, parent: pulumi.ComponentResource) {
    super('Budget', name, { parent });
    const at = (threshold: number, notificationType: 'ACTUAL' | 'FORECASTED') => ({
      comparisonOperator: 'GREATER_THAN',
      thresholdType: 'PERCENTAGE',
      threshold,
      notificationType,
      subscriberSnsTopicArns: [topic.arn],
    });
    new aws.budgets.Budget(
      name,
      {
        name: this.physical(name),
        budgetType: 'COST',
        limitAmount: String(limitUsd),
        limitUnit: 'USD',
        timeUnit: 'MONTHLY',
        notifications: [at(80, 'ACTUAL'), at(100, 'FORECASTED')],
        tags,
      },
      this.child,
    );
    this.registerOutputs({});
  }
}
