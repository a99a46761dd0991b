import { statSync } from 'node:fs';
import { WellspringError } from '../app/errors.ts';
import type { Ids } from '../ports/ids/ids.ts';
import { ensureSecret, readSecret } from './secret.ts';

export interface OwnerToken {
  /** Whether it was made just now. */
  readonly made: boolean;
  value(): string;
  /** Notices a token that another process put in its place. */
  refresh(): void;
}

/** The owner's token: the override, else the one in `file`, made when there is none. */
export function createOwnerToken(options: {
  readonly file: string;
  readonly override: string | undefined;
  readonly ids: Ids;
}): OwnerToken {
  const { file, override, ids } = options;
  if (override !== undefined) return { made: false, value: () => override, refresh: () => undefined };
  const { value, made } = ensureSecret(file, () => makeOwnerToken(ids), ids);
  if (value === '') throw emptyToken(file);
  let token = value;
  let seen = stampOf(file);
  return {
    made,
    value: () => token,
    refresh() {
      const stamp = stampOf(file);
      if (stamp === seen) return;
      seen = stamp;
      token = readSecret(file) || token;
    },
  };
}

export function makeOwnerToken(ids: Ids): string {
  return `w_${ids.secret(24)}`;
}

/** A rename gives another inode, so a change within one tick of the clock is seen too. */
function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino}/${stat.mtimeMs}`;
}

function emptyToken(file: string): WellspringError {
  return new WellspringError({
    code: 'bad_configuration',
    message: "The owner's token is empty.",
    detail: file,
    remedy: 'Remove the file: the next start makes a new token.',
    exit: 2,
  });
}
