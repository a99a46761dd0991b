import { alarmsOf, type Watched } from './alarm-list.ts';
import { Alarms } from './alarms.ts';
import { Audit } from './audit.ts';
import { Board } from './board.ts';
import { Budget } from './budget.ts';
import { Component } from './component.ts';
import type { StackConfig } from './config.ts';
import type { Key } from './key.ts';
import type { Lake } from './lake.ts';
import { Recorder } from './recorder.ts';
import type { Topic } from './topic.ts';
import { widgetsOf } from './widgets.ts';

export interface GuardsOptions extends Watched {
  readonly config: Pick<StackConfig, 'protect' | 'budgetUsd' | 'configRecorder'>;
  readonly key: Key | undefined;
  readonly lake: Lake;
  readonly alerts: Topic;
}

/** Whatever looks at the stack from outside: alarms, a dashboard, the budget, and who changed what. */
export class Guards extends Component {
  constructor(name: string, options: GuardsOptions) {
    super('Guards', name);
    const { config, key, lake, alerts: topic } = options;
    const keep = config.protect;
    new Alarms('alarms', { topic, alarms: alarmsOf(options) }, this);
    new Board('board', { widgets: widgetsOf(options) }, this);
    new Budget('budget', { topic, limitUsd: config.budgetUsd }, this);
    new Audit('audit', { lake, keep }, this);
    if (config.configRecorder) new Recorder('recorder', { key, keep }, this);
    this.registerOutputs({});
  }
}
