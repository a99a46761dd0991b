/** Exit codes of the command line (contract 2). */
export type ExitCode = 1 | 2 | 3 | 4 | 8 | 9 | 130;

interface Problem {
  /** Stable, snake_case: scripts match on it. */
  readonly code: string;
  /** What happened, one sentence without secrets and without health values. */
  readonly message: string;
  /** The likely cause, or what exactly was wrong. */
  readonly detail?: string;
  /** What to do now. */
  readonly remedy?: string;
  /** HTTP status, 500 when absent. */
  readonly status?: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 500 | 503;
  /** Exit code, 1 when absent. */
  readonly exit?: ExitCode;
  readonly cause?: unknown;
}

/** The one family of errors: everything a person is meant to read carries a code and a remedy. */
export class WellspringError extends Error {
  override readonly name = 'WellspringError';
  readonly code: string;
  readonly detail: string | undefined;
  readonly remedy: string | undefined;
  readonly status: NonNullable<Problem['status']>;
  readonly exit: ExitCode;

  constructor(problem: Problem) {
    super(problem.message, { cause: problem.cause });
    this.code = problem.code;
    this.detail = problem.detail;
    this.remedy = problem.remedy;
    this.status = problem.status ?? 500;
    this.exit = problem.exit ?? 1;
  }
}
