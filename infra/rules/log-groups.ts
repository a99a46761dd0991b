import * as z from 'zod';
import { FUNCTION, LOG_GROUP, ofType } from './resources.ts';
import type { Rule } from './rule.ts';

const called = z.object({ name: z.string(), loggingConfig: z.object({ logGroup: z.string() }) });
const listening = z.object({ accessLogSettings: z.object({ destinationArn: z.string(), format: z.string() }) });
/** Secret segments of addresses, codes and states are in these. */
const TELLING = /\$context\.(path|authorizer)|\$context\.customDomain|query|\$request/i;

export const logGroups: Rule = {
  name: 'log-groups',
  description:
    'Every function and every API writes into a log group of the stack, and no log line holds a path or a query.',
  check(stack) {
    const groups = ofType(stack, LOG_GROUP).map(({ props }) => props);
    const functions = ofType(stack, FUNCTION).filter(({ props }) => {
      const { data } = called.safeParse(props);
      return (
        data?.loggingConfig.logGroup !== `/aws/lambda/${data?.name}` ||
        !groups.some(({ name }) => name === data?.loggingConfig.logGroup)
      );
    });
    const stages = ofType(stack, 'aws:apigatewayv2/stage:Stage').filter(({ props }) => {
      const { accessLogSettings: log } = listening.safeParse(props).data ?? {};
      return !groups.some(({ arn }) => arn === log?.destinationArn) || TELLING.test(log?.format ?? '');
    });
    return [...functions, ...stages].map((resource) => ({
      resource,
      says: 'has no log group of its own, or logs what is secret',
    }));
  },
};
