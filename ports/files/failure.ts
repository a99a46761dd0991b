import { PortError } from '../errors.ts';
import { systemCode } from './files.ts';

const FULL = ['ENOSPC', 'EDQUOT'];
const REFUSED = ['EACCES', 'EPERM', 'EROFS', 'EXDEV', 'ENOTSUP'];

/** A file error as the port's error: `storage_full`, `storage_refused` or `storage_failed`; the system's own is the cause. */
export function storageError(error: unknown): PortError {
  if (error instanceof PortError) return error;
  const system = systemCode(error) ?? '';
  if (FULL.includes(system)) {
    return new PortError('storage_full', 'The disk is full.', {
      remedy: 'Free some space; senders repeat what was not acknowledged.',
      cause: error,
    });
  }
  if (REFUSED.includes(system)) {
    return new PortError('storage_refused', `The file system refused an operation (${system}).`, {
      remedy: 'Keep the data directory where this user may write, on one file system that has hard links.',
      cause: error,
    });
  }
  return new PortError('storage_failed', `The file system failed (${system || 'unknown error'}).`, {
    remedy: 'Check the disk and the limit of open files.',
    cause: error,
  });
}
