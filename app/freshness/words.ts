import type { Provider } from '../../providers/kit/provider.ts';
import type { Connection } from '../tie.ts';
import type { Cause } from './metric.ts';

/** What is wrong and what to do about it, in words a person would use; both null when nothing is. */
export interface Words {
  readonly problem: string | null;
  readonly remedy: string | null;
}

interface About {
  readonly provider: Provider;
  readonly kind: Connection['kind'] | undefined;
  /** The stated word or the rule behind the cause. */
  readonly detail: string | null;
  /** What is closed for want of a scope, in words. */
  readonly missing?: readonly string[];
  /** The titles of what stopped, where the rest goes on. */
  readonly only?: readonly string[];
}

/** The cause for a person. */
export function wordsOf(cause: Cause, { provider, kind, detail, missing = [], only = [] }: About): Words {
  const { id, name } = provider;
  const again = `Connect it again on the Connections page, or with wellspring connect ${id} --user <name>.`;
  switch (cause) {
    case 'not_connected':
      return { problem: 'It is disconnected; the data stay.', remedy: connectWith(provider, kind) };
    case 'needs_reconnect':
      return { problem: reconnectBecause(name, detail), remedy: again };
    case 'revoked':
      return { problem: `Access was taken back at ${name}.`, remedy: again };
    case 'deregistered':
      return { problem: `The account was unregistered at ${name}.`, remedy: again };
    case 'scope_missing': {
      const what = missing.length > 0 ? `: ${missing.join('; ')}` : '';
      return {
        problem: `${name} is not allowed to give a part of its data${what}.`,
        remedy: 'Connect it again and allow what is missing.',
      };
    }
    case 'quarantined':
      return {
        problem: refusedBecause(name, detail),
        remedy: isNew(detail) ? `${UPDATE} ${LIST}` : `Nothing is lost: ${LIST}`,
      };
    case 'unfinished_fetch':
      return {
        problem:
          detail === null
            ? `${name} said that there is something new, and it is not fetched yet.`
            : `Days of ${name} are not fetched yet: ${detail}`,
        remedy: `It is asked again by itself; wellspring collect ${id} asks now.`,
      };
    case 'provider_silent':
      return { problem: silence(name, only), remedy: lookAt(provider, kind) };
    case 'not_measured':
      break;
  }
  return { problem: null, remedy: kind === 'file' ? lookAt(provider, kind) : null };
}

function silence(name: string, only: readonly string[]): string {
  if (only.length === 0) return `Nothing has come from ${name} since, and nothing is known to be wrong.`;
  const more = only.length > 3 ? ` and ${only.length - 3} more` : '';
  return `It no longer brings ${only.slice(0, 3).join(', ')}${more}; the rest comes.`;
}

function connectWith({ id }: Provider, kind: Connection['kind'] | undefined): string {
  return `wellspring ${kind === 'oauth' ? 'connect' : 'link'} ${id} --user <name> connects it again.`;
}

function reconnectBecause(name: string, detail: string | null): string {
  switch (detail) {
    case 'refresh_answer_lost':
      return `An answer of ${name} with the next key was lost on the way, and the old key is spent.`;
    case 'invalid_client':
      return `${name} no longer takes the client id and secret of this installation.`;
    case 'expired':
      return `The access ${name} gave has run out.`;
    case 'grant_unreadable':
      return `The permission ${name} gave is kept here and cannot be opened: the key of the vault was lost or replaced.`;
    default:
      return `${name} no longer takes the permission you gave.`;
  }
}

const UPDATE = 'Update Wellspring: what came is kept, and is read then.';
const LIST = 'wellspring quarantine list says what and why.';

/** What only a newer version of this program can read. */
function isNew(detail: string | null): boolean {
  return detail === 'no_reader' || detail === 'missing_field' || detail === 'unexpected_shape';
}

function refusedBecause(name: string, detail: string | null): string {
  switch (detail) {
    case 'no_reader':
      return `${name} sends a kind of data nobody here can read yet.`;
    case 'missing_field':
    case 'unexpected_shape':
      return `${name} has changed how it writes its data, so they cannot be read.`;
    default:
      return `What ${name} sent was refused.`;
  }
}

/** By the door the data come through. */
function lookAt({ id, name, portal }: Provider, kind: Connection['kind'] | undefined): string {
  switch (kind) {
    case 'file':
      return `Import a newer export with wellspring import ${id} <file> --user <name>.`;
    case 'oauth':
      return `Sync the device with the app of ${name}; wellspring collect ${id} asks now.`;
    case 'token':
      return `See whether the app still sends: ${portal}`;
    default:
      return `Sync the device with the app of ${name}, and see whether the address still stands here: ${portal}`;
  }
}
