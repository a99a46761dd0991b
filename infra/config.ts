import * as pulumi from '@pulumi/pulumi';
import { stackKeys, type StackKeys, TEXT_KEYS } from './keys.ts';
import { contradictions, type Given, mistakeOf, strangers, weakToken } from './mistakes.ts';

export interface StackConfig extends Omit<StackKeys, 'protect'> {
  /** Whether data survive a mistaken `pulumi destroy`. */
  readonly protect: boolean;
  readonly clientIds: Readonly<Record<string, string>>;
  readonly clientSecrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** Undefined: one is made. */
  readonly ownerToken: pulumi.Output<string> | undefined;
}

/**
 * Reads the stack's configuration. Every mistake there is is thrown at once, before any resource is made, each with its key and what to
 * do; as a `RunError`, because Pulumi prints anything else for half a minute.
 */
export function readConfig(): StackConfig {
  const config = new pulumi.Config();
  // An optional key that is declared in Pulumi.yaml has an empty text until it is set.
  const textOf = (key: string): string => config.get(key) ?? '';
  const isSet = (key: string): boolean => textOf(key) !== '';
  const keys = Object.keys(stackKeys.shape).filter(isSet);
  const given: Given = Object.fromEntries(keys.map((key) => [key, valueOf(config.require(key), key)]));
  const parsed = stackKeys.safeParse(given);
  const wrong = parsed.success ? [] : parsed.error.issues.map(mistakeOf);
  const mistakes = [...strangers(), ...wrong, ...contradictions(given, isSet), ...weakToken(textOf('ownerToken'))];
  if (!parsed.success || mistakes.length > 0) throw refusal(mistakes);
  const { data } = parsed;
  const secretOf = (key: string): pulumi.Output<string> | undefined => (isSet(key) ? config.getSecret(key) : undefined);
  return {
    ...data,
    protect: data.protect ?? pulumi.getStack() !== 'dev',
    clientIds: present(data.providers, (id) => config.get(`${id}ClientId`) || undefined),
    clientSecrets: present(data.providers, (id) => secretOf(`${id}ClientSecret`)),
    ownerToken: secretOf('ownerToken'),
  };
}

function valueOf(text: string, key: string): unknown {
  if (TEXT_KEYS.has(key)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function present<T>(ids: readonly string[], find: (id: string) => T | undefined): Record<string, T> {
  const pairs = ids.map((id) => [id, find(id)] as const);
  return Object.fromEntries(pairs.flatMap(([id, value]) => (value === undefined ? [] : [[id, value]])));
}

function refusal(mistakes: readonly string[]): pulumi.RunError {
  const head = mistakes.length === 1 ? 'One thing is wrong' : `${mistakes.length} things are wrong`;
  const lines = mistakes.map((one) => `  - ${one}`);
  return new pulumi.RunError([`${head} with stack ${pulumi.getStack()}; nothing was changed.`, ...lines].join('\n'));
}
