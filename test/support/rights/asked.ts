import * as z from 'zod';
import { ACCOUNT, REGION } from '../stack-state.ts';
import { arnsOf, type Asked, type Passed } from './request.ts';
import { s3Asked } from './s3.ts';
import { snsCalls, TARGETS } from './targets.ts';

const arn = arnsOf({ account: ACCOUNT, region: REGION });
const started = z.object({ QueryExecutionId: z.string() });
const group = z.object({ WorkGroup: z.string() });

/**
 * Reads requests one after another: an answer of Athena's is asked for by a number that says nothing of its workgroup.
 * A request that cannot be read throws; otherwise it would be allowed by nobody's having looked.
 */
export function createReader(): (passed: Passed) => Asked {
  const workgroups = new Map<string, string>();
  return (passed) => {
    const asked = read(passed, workgroups);
    if (asked.operation === 'athena:StartQueryExecution' && passed.status === 200) {
      workgroups.set(
        started.parse(JSON.parse(passed.answer)).QueryExecutionId,
        group.parse(JSON.parse(passed.body)).WorkGroup,
      );
    }
    return asked;
  };
}

function read(passed: Passed, workgroups: ReadonlyMap<string, string>): Asked {
  const [, prefix = '', operation = ''] =
    /^(?:.*\.)?([^.]+)\.([^.]+)$/.exec(String(passed.headers['x-amz-target'] ?? '')) ?? [];
  const target = TARGETS[prefix];
  if (target !== undefined) {
    const body: unknown = JSON.parse(passed.body === '' ? '{}' : passed.body);
    return { operation: `${target.service}:${operation}`, calls: target.read(operation, body, arn, workgroups) };
  }
  if (passed.body.startsWith('Action=') || passed.body.includes('&Action=')) {
    const calls = snsCalls(passed.body);
    return { operation: calls[0]?.action ?? '', calls };
  }
  const asked = s3Asked(passed);
  if (asked === undefined)
    throw new Error(`Nobody knows what this asks for: ${passed.method} ${passed.path}?${passed.query.toString()}`);
  return asked;
}
