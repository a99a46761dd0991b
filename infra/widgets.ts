import type { Api } from './api.ts';
import type { Widget } from './board.ts';
import type { Functions } from './functions.ts';
import { prefix as namespace } from './names.ts';

/** What the CloudWatch dashboard shows: is it arriving, is it published, does anything fail. */
export function widgetsOf({ api, functions }: { readonly api: Api; readonly functions: Functions }): readonly Widget[] {
  const each = functions.all;
  const ofFunction = (metric: string) => each.map((one) => ['AWS/Lambda', metric, 'FunctionName', one.functionName]);
  return [
    {
      title: 'Requests',
      metrics: [
        ['AWS/ApiGateway', 'Count', 'ApiId', api.id],
        ['AWS/ApiGateway', '5xx', 'ApiId', api.id],
      ],
    },
    {
      title: 'Acknowledging a delivery, ms',
      statistic: 'p95',
      metrics: [['AWS/Lambda', 'Duration', 'FunctionName', functions.receive.functionName]],
    },
    { title: 'Failures', metrics: ofFunction('Errors') },
    { title: 'Calls refused because too many ran at once', metrics: ofFunction('Throttles') },
    {
      title: 'Oldest object that is not published, s',
      statistic: 'Maximum',
      metrics: [[namespace, 'OldestUnpublishedSeconds']],
    },
    { title: 'A batch, s', statistic: 'Maximum', metrics: [[namespace, 'BatchSeconds']] },
  ];
}
