/** What a driver throws when its technology refuses or a caller breaks the contract of a port. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, options: { readonly remedy?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
  }
}
