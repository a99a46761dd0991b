import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { StackConfig } from './config.ts';
import type { Function } from './function.ts';
import type { Key } from './key.ts';
import { tags } from './names.ts';

export interface ApiOptions {
  /** Requests a second, and at once; above it 429 before any function runs. */
  readonly config: Pick<StackConfig, 'apiRate' | 'apiBurst' | 'logRetentionDays'>;
  readonly key: Key | undefined;
  readonly keep: boolean;
}

/** Never the path or the query: secret segments, codes and states are in them. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  routeKey: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  integrationError: '$context.integrationErrorMessage',
};

/** The deliveries' own routes: their function is small and starts fast. Everything else is the pages' and the API's. */
const DELIVERIES = ['/webhooks/{provider}', '/webhooks/{provider}/{key}', '/healthz'];

/** The HTTP API on its `$default` stage: with a named one its name would be part of every path. */
export class Api extends Component {
  readonly id: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly #executionArn: pulumi.Output<string>;
  readonly #options: ApiOptions;

  constructor(name: string, options: ApiOptions) {
    super('Api', name);
    this.#options = options;
    const api = new aws.apigatewayv2.Api(
      name,
      { name: this.physical(name), protocolType: 'HTTP', tags },
      // Another address would have to be entered with every provider again.
      { ...this.child, protect: options.keep },
    );
    this.id = api.id;
    this.url = api.apiEndpoint;
    this.#executionArn = api.executionArn;
    this.registerOutputs({ url: this.url });
  }

  /** Puts the functions behind the routes. */
  serve({ receive, web }: { readonly receive: Function; readonly web: Function }): void {
    const deliveries = this.#integrate('receive', receive, 10);
    const rest = this.#integrate('web', web, 29);
    const routes = [...DELIVERIES.map((path) => this.#route(`ANY ${path}`, deliveries)), this.#route('$default', rest)];
    const { config, key } = this.#options;
    const logs = new aws.cloudwatch.LogGroup(
      this.named('access'),
      {
        name: `/aws/apigateway/${this.physical(this.name)}`,
        retentionInDays: config.logRetentionDays,
        ...(key === undefined ? {} : { kmsKeyId: key.arn }),
        tags,
      },
      this.child,
    );
    new aws.apigatewayv2.Stage(
      this.named('stage'),
      {
        apiId: this.id,
        name: '$default',
        autoDeploy: true,
        defaultRouteSettings: {
          throttlingRateLimit: config.apiRate,
          throttlingBurstLimit: config.apiBurst,
        },
        accessLogSettings: { destinationArn: logs.arn, format: JSON.stringify(ACCESS_LOG) },
        tags,
      },
      { ...this.child, dependsOn: routes },
    );
  }

  #integrate(part: string, made: Function, seconds: number): pulumi.Output<string> {
    const integration = new aws.apigatewayv2.Integration(
      this.named(part),
      {
        apiId: this.id,
        integrationType: 'AWS_PROXY',
        integrationUri: made.invokeArn,
        payloadFormatVersion: '2.0',
        timeoutMilliseconds: seconds * 1000,
      },
      this.child,
    );
    made.allow('api', 'apigateway.amazonaws.com', pulumi.interpolate`${this.#executionArn}/*/*`);
    return pulumi.interpolate`integrations/${integration.id}`;
  }

  #route(routeKey: string, target: pulumi.Output<string>): aws.apigatewayv2.Route {
    const part = routeKey
      .replace(/[^A-Za-z]+/g, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase();
    return new aws.apigatewayv2.Route(this.named(part), { apiId: this.id, routeKey, target }, this.child);
  }
}
