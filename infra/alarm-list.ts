import type { Alarm } from './alarms.ts';
import type { Api } from './api.ts';
import type { Bus } from './bus.ts';
import type { Function } from './function.ts';
import type { Functions } from './functions.ts';
import { prefix as namespace } from './names.ts';
import type { DeadLetters } from './queue.ts';
import type { Routes } from './routes.ts';
import type { Schedules } from './schedules.ts';
import type { Work } from './work.ts';

export interface Watched {
  readonly api: Api;
  readonly bus: Bus;
  readonly functions: Functions;
  readonly routes: Routes;
  readonly schedules: Schedules;
  readonly work: Work;
}

/**
 * Everything that wakes the owner, each with the part of docs/operations.md that says what to do. Functions nobody waits for are tried
 * again: what they fail at for good is a dead letter. So those somebody waits for have an alarm on their errors: the two behind the API, and the one
 * a job calls.
 */
export function alarmsOf(watched: Watched): Readonly<Record<string, Alarm>> {
  const { api, bus, functions, routes, schedules, work } = watched;
  const dimensions = { EventBusName: bus.busName, RuleName: routes.starts };
  return {
    'receive-errors': of(functions.receive, 'Errors', 'Deliveries failed.', 'a-function-failed'),
    'web-errors': of(functions.web, 'Errors', 'Pages or the API failed.', 'a-function-failed'),
    ...(functions.transform === undefined
      ? {}
      : {
          'transform-errors': of(
            functions.transform,
            'Errors',
            'Raw objects could not be made tables of.',
            'a-run-of-the-transform-failed',
          ),
        }),
    'undelivered-events': depth(bus.dead, 'Events could not be delivered.', 'undelivered-events'),
    'failed-calls': depth(functions.dead, 'A call failed three times.', 'failed-calls'),
    'missed-schedules': depth(schedules.dead, 'A schedule could not call its function.', 'missed-schedules'),
    'failed-fetches': depth(work.dead, 'A fetch failed too often.', 'failed-fetches'),
    'failed-invocations': {
      namespace: 'AWS/Events',
      metric: 'FailedInvocations',
      dimensions,
      what: 'The workflow could not be told of an event.',
      runbook: 'undelivered-events',
    },
    'api-5xx': {
      namespace: 'AWS/ApiGateway',
      metric: '5xx',
      dimensions: { ApiId: api.id },
      what: 'The API answered with errors.',
      runbook: 'the-api-answers-with-errors',
    },
    'receive-slow': {
      ...of(
        functions.receive,
        'Duration',
        'Deliveries are acknowledged late; the strictest provider gives up after 2 s.',
        'deliveries-are-acknowledged-late',
      ),
      statistic: 'Maximum',
      threshold: 1500,
      periods: 3,
    },
    unpublished: {
      ...own('OldestUnpublishedSeconds', 2400),
      what: 'Something stored is not in the tables after 40 minutes.',
      runbook: 'stored-and-not-published',
    },
    'batch-slow': {
      ...own('BatchSeconds', 300),
      what: 'A batch took more than five minutes.',
      runbook: 'a-batch-is-slow',
    },
    silence: {
      ...of(
        functions.sweep,
        'Invocations',
        'The sweep did not run for an hour: nothing notices what is lost.',
        'the-sweep-does-not-run',
      ),
      periodS: 3600,
      silence: true,
    },
  };
}

/** A figure the sweep writes, once a quarter of an hour: looked at more often it is missing two times of three, and the alarm goes on and off. */
function own(metric: string, threshold: number) {
  return { namespace, metric, dimensions: {}, statistic: 'Maximum' as const, threshold, periodS: 900 };
}

function of(one: Function, metric: string, what: string, runbook: string): Alarm {
  return { namespace: 'AWS/Lambda', metric, dimensions: { FunctionName: one.functionName }, what, runbook };
}

function depth(queue: DeadLetters, what: string, runbook: string): Alarm {
  const dimensions = { QueueName: queue.queueName };
  return {
    namespace: 'AWS/SQS',
    metric: 'ApproximateNumberOfMessagesVisible',
    dimensions,
    statistic: 'Maximum',
    what,
    runbook,
  };
}
