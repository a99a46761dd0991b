import { PortError } from './errors.ts';

/** Where a driver's SDK client connects to. Everything left out comes from the environment, as the SDK reads it. */
export interface AwsConnection {
  readonly region?: string;
  /** Another address than AWS's own: an emulator. */
  readonly endpoint?: string;
  /** How long one answer may take to begin, and how long it may then stop in the middle, in ms; the SDK's default is for ever. */
  readonly timeoutMs?: number;
  /** Times a call is made in all; 3 when absent. */
  readonly attempts?: number;
}

const TIMEOUT_MS = 10_000;
const CONNECT_MS = 2000;

/** The settings every SDK client of ours is made with. */
export function clientSettings({ region, endpoint, timeoutMs = TIMEOUT_MS, attempts = 3 }: AwsConnection) {
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: attempts,
    // The first ends with the headers of the answer; only the last one sees a body that stops.
    requestHandler: {
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      connectionTimeout: CONNECT_MS,
      socketTimeout: timeoutMs,
    },
  };
}

/** Whether AWS refused with one of these error names (`ConditionalCheckFailedException`, …). */
export function isRefusal(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** What to do about a right that lacks. */
export const DENIED_REMEDY = 'Compare the role with docs/iam.md; run pulumi up.';

/**
 * What an SDK error is told as: its name and HTTP status only, because its message may repeat what was sent.
 * Codes: `storage_denied` (the role lacks a right), `storage_throttled`, `storage_failed`.
 */
export function awsError(error: unknown, what: string): PortError {
  const name = error instanceof Error ? error.name : 'Error';
  const status = statusOf(error);
  const denied = /AccessDenied|Unauthorized|Credentials|ExpiredToken/.test(name) || status === 401 || status === 403;
  const throttled = /Throttl|SlowDown|TooManyRequests|LimitExceeded/.test(name) || status === 429;
  const code = denied ? 'storage_denied' : throttled ? 'storage_throttled' : 'storage_failed';
  return new PortError(code, `${what} failed: ${name}${status === undefined ? '' : ` (${status})`}.`, {
    remedy: denied ? DENIED_REMEDY : 'Try again; see the AWS health page when it stays.',
  });
}

/** Does something with AWS; what it refuses is thrown as `awsError` tells it, what a port itself throws passes. */
export async function told<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PortError ? error : awsError(error, what);
  }
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
