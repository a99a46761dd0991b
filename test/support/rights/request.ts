import type { Call } from '../../../infra/rules/iam/judge.ts';

/** A request of an SDK client as it passes by, and what was answered. */
export interface Passed {
  readonly method: string;
  /** Path without the query, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

/** What IAM judges of one request: everything it must allow, all of it. */
export interface Asked {
  /** `s3:GetObject`, as the SDK's operation is called. */
  readonly operation: string;
  readonly calls: readonly Call[];
  /**
   * The bucket of an object that was not there. S3 tells that only to who may list the bucket at all; everybody else gets 403, so that
   * code that waits for 404 breaks on AWS and nowhere else.
   */
  readonly missingIn?: string;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

export type ArnOf = (service: string, rest: string) => string;

export const arnsOf =
  ({ account, region }: Place): ArnOf =>
  (service, rest) =>
    `arn:aws:${service}:${region}:${account}:${rest}`;
