import * as pulumi from '@pulumi/pulumi';
import type { Bus } from './bus.ts';
import { Component } from './component.ts';
import type { Function } from './function.ts';
import type { Functions } from './functions.ts';
import { type Pattern, Route, type RouteOptions } from './route.ts';
import type { Topic } from './topic.ts';
import type { Transform } from './transform.ts';
import type { Work } from './work.ts';

export interface RoutesOptions {
  readonly bus: Bus;
  readonly functions: Functions;
  readonly transform: Transform;
  readonly work: Work;
  readonly alerts: Topic;
}

/** Changes of a connection somebody has to know of. */
const LOST = ['needs_reconnect', 'revoked', 'deregistered'];
/** Ends of a run of a job that are no success. */
const FAILED = ['FAILED', 'TIMEOUT', 'ERROR'];

/** AWS's own events about runs of our jobs. */
function failures({ jobs }: Transform): pulumi.Output<Pattern> {
  return pulumi.all([...jobs]).apply((jobName): Pattern => ({
    source: ['aws.glue'],
    'detail-type': ['Glue Job State Change'],
    detail: { jobName, state: FAILED },
  }));
}

/** Who hears which event (contract: events). */
export class Routes extends Component {
  /** The name of the rule that starts the workflow. */
  readonly starts: pulumi.Output<string>;
  readonly #options: RoutesOptions;

  constructor(name: string, options: RoutesOptions) {
    super('Routes', name);
    this.#options = options;
    const { bus, functions, transform, work, alerts } = options;
    const stored = this.#own('raw-stored', ['Raw Object Stored'], {}, transform.workflow.arn, (rule) =>
      transform.workflow.startedBy(rule),
    );
    const told = this.#own('to-collect', ['Notice Stored', 'Connection Changed'], {}, work.arn);
    const asked = this.#own('collect-asked', ['Work Asked'], { work: { kind: ['collect'] } }, work.arn);
    const called = [
      this.#call('forget-asked', ['Work Asked'], { work: { kind: ['forget'] } }, functions.forget),
      this.#call('export-asked', ['Work Asked'], { work: { kind: ['export'] } }, functions.export),
      this.#call('batch-published', ['Batch Published'], {}, functions.readings),
    ];
    const lost = this.#route('connection-lost', {
      ...this.#on(['Connection Changed'], { change: LOST }),
      to: alerts.arn,
      say: {
        sentence:
          'The connection <connection> to <provider> is now: <change>. docs/operations.md#a-connection-needs-somebody',
        fields: { connection: '$.detail.connection_id', provider: '$.detail.provider', change: '$.detail.change' },
      },
    });
    const failed = this.#route('job-failed', {
      pattern: failures(transform),
      to: alerts.arn,
      say: {
        sentence: 'The job <job> ended <state> (run <run>). docs/operations.md#a-run-of-the-transform-failed',
        fields: { job: '$.detail.jobName', state: '$.detail.state', run: '$.detail.jobRunId' },
      },
    });
    work.fedBy([told.ruleArn, asked.ruleArn]);
    alerts.acceptFrom([lost.ruleArn, failed.ruleArn]);
    bus.dead.acceptFrom([stored, told, asked, ...called, lost, failed].map(({ ruleArn }) => ruleArn));
    this.starts = stored.ruleName;
    this.registerOutputs({});
  }

  #on(types: readonly string[], detail: Pattern) {
    const rest = Object.keys(detail).length === 0 ? {} : { detail };
    return { bus: this.#options.bus.busName, pattern: { source: ['wellspring'], 'detail-type': types, ...rest } };
  }

  #own(
    part: string,
    types: readonly string[],
    detail: Pattern,
    to: pulumi.Input<string>,
    roleArn?: RouteOptions['roleArn'],
  ): Route {
    return this.#route(part, { ...this.#on(types, detail), to, ...(roleArn === undefined ? {} : { roleArn }) });
  }

  #call(part: string, types: readonly string[], detail: Pattern, called: Function): Route {
    const route = this.#own(part, types, detail, called.arn);
    called.allow(part, 'events.amazonaws.com', route.ruleArn);
    return route;
  }

  #route(part: string, options: Omit<RouteOptions, 'dead'>): Route {
    return new Route(part, { ...options, dead: this.#options.bus.dead }, this);
  }
}
