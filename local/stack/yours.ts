import { PortError } from '../../ports/errors.ts';

const REMEDY = 'aws sts get-caller-identity says who you are; sign in, or use another profile.';

/** Throws what AWS refused whoever runs this: it is their credentials it does not take, not a role of the stack. Anything else as it is. */
export function yours(error: unknown): never {
  if (!(error instanceof PortError) || error.code !== 'storage_denied') throw error;
  throw new PortError(error.code, `Your AWS credentials were refused. ${error.message}`, { remedy: REMEDY });
}
