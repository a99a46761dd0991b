import * as pulumi from '@pulumi/pulumi';
import type * as z from 'zod';
import { findProvider, providers } from '../providers/index.ts';
import { stackKeys } from './keys.ts';

/** What somebody configured, before anything is known to be right. */
export type Given = Readonly<Record<string, unknown>>;

/** Every name of the stack starts with project and stack: buckets take lower case only, and 37 letters of it. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LETTERS = 27;
/** With `prod` and `prod-eu` in one account, what one may do to `wellspring-prod-*` it may do to the other. */
const STACK = /^[a-z0-9]+$/;

/** Keys of the project that nobody reads, and a name no bucket can have. */
export function strangers(): string[] {
  const clients = Object.keys(providers).flatMap((id) => [`${id}ClientId`, `${id}ClientSecret`]);
  const known = new Set([...Object.keys(stackKeys.shape), ...clients, 'ownerToken']);
  const start = `${pulumi.getProject()}:`;
  const set = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(start));
  const unknown = set.map((key) => key.slice(start.length)).filter((key) => !known.has(key));
  const mistakes = unknown.map((key) => `${key}: there is no such key. Remove it: pulumi config rm ${key}`);
  const name = `${pulumi.getProject()}-${pulumi.getStack()}`;
  if (NAME.test(name) && STACK.test(pulumi.getStack()) && name.length <= LETTERS) return mistakes;
  const wanted = `lower-case letters and digits, ${LETTERS} letters in all with the project's name`;
  return [...mistakes, `stack ${pulumi.getStack()}: wants ${wanted}. Rename it: pulumi stack rename <name>`];
}

/** A value that is not what its key wants. */
export function mistakeOf({ path: [key = '', ...rest], message }: z.core.$ZodIssue): string {
  const place = `${String(key)}${rest.map((at) => `[${String(at)}]`).join('')}`;
  const set = rest.length === 0 ? `pulumi config set ${place} <value>` : `pulumi config set --path '${place}' <value>`;
  return `${place}: wants ${message}. Set it: ${set}`;
}

/** A token that is given: whoever guesses it sees everybody, so that it has to be as long as on one machine. What it is stays unsaid. */
export function weakToken(token: string): string[] {
  if (/^([\x21-\x7e]{16,200})?$/.test(token)) return [];
  const wanted = '16 to 200 printable characters without blanks';
  return [`ownerToken: wants ${wanted}. Set it: pulumi config set --secret ownerToken`];
}

/** Keys that need each other; `isSet` says whether a key has a value. */
export function contradictions(given: Given, isSet: (key: string) => boolean): string[] {
  const listed: readonly unknown[] = Array.isArray(given['providers']) ? given['providers'] : [];
  const ids = listed.filter((id) => typeof id === 'string');
  const mistakes = [...new Set(ids)].flatMap((id) => clientMistakes(id, isSet));
  for (const key of ['providers', 'emails']) {
    const list: readonly unknown[] = Array.isArray(given[key]) ? given[key] : [];
    if (new Set(list).size !== list.length)
      mistakes.push(`${key}: one is named twice. Take one out: pulumi config rm --path '${key}[0]'`);
  }
  if (given['quicksight'] === true && !isSet('quicksightPrincipalArn')) {
    const set = 'pulumi config set quicksightPrincipalArn <ARN of a QuickSight user or group>';
    mistakes.push(`quicksightPrincipalArn: quicksight is on and nobody may see it. Set it: ${set}`);
  }
  if (isSet('githubProviderArn') && !isSet('githubRepo')) {
    mistakes.push(
      'githubRepo: githubProviderArn is of no use without it. Set it: pulumi config set githubRepo <owner>/<name>',
    );
  }
  return mistakes;
}

/** A provider people grant access at wants a client of the owner's own. */
function clientMistakes(id: string, isSet: (key: string) => boolean): string[] {
  if (findProvider(id)?.oauth === undefined) return [];
  const wanted = [
    { key: `${id}ClientId`, set: `pulumi config set ${id}ClientId <id>` },
    { key: `${id}ClientSecret`, set: `pulumi config set --secret ${id}ClientSecret` },
  ];
  const missing = wanted.filter(({ key }) => !isSet(key));
  return missing.map(({ key, set }) => `${key}: ${id} is in providers and wants it. Set it: ${set}, or take ${id} out`);
}
