import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { WellspringError } from '../app/errors.ts';
import type { Environment } from './environment.ts';
import { type Configuration, configuration, type Key, SECRET_KEYS } from './keys.ts';

export type Origin = 'flag' | 'environment' | 'file' | 'default';

export interface LoadedConfiguration {
  readonly values: Configuration;
  /** Where the value of a key came from. */
  readonly originOf: (key: Key) => Origin;
  /** Sentences for stderr: what was found and not understood. */
  readonly warnings: readonly string[];
}

export interface ConfigurationSources {
  readonly dataDir: string;
  readonly environment: Environment;
  readonly flags?: Readonly<Partial<Record<Key, unknown>>>;
}

/** `batchSize` → `WELLSPRING_BATCH_SIZE`. */
export function variableOf(key: Key): string {
  return `WELLSPRING_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** Reads the configuration: flag before environment before `wellspring.json` before default; a bad value throws `bad_configuration` (exit 2). */
export function loadConfiguration(sources: ConfigurationSources): LoadedConfiguration {
  const file = readFile(join(sources.dataDir, 'wellspring.json'));
  const found = new Map<string, { readonly origin: Origin; readonly value: unknown }>();
  for (const key of configuration.keyof().options) {
    const candidates = [
      { origin: 'flag', value: sources.flags?.[key] },
      { origin: 'environment', value: sources.environment[variableOf(key)] || undefined },
      { origin: 'file', value: file[key] },
    ] as const;
    found.set(key, candidates.find(({ value }) => value !== undefined) ?? { origin: 'default', value: undefined });
  }
  const originOf = (key: Key): Origin => found.get(key)?.origin ?? 'default';
  const leaked = SECRET_KEYS.find((key) => originOf(key) === 'file');
  if (leaked !== undefined) throw secretInFile(leaked);
  const parsed = configuration.safeParse(Object.fromEntries([...found].map(([key, { value }]) => [key, value])));
  if (!parsed.success) throw unusable(parsed.error.issues[0], originOf);
  return {
    values: parsed.data,
    originOf,
    warnings: Object.keys(file)
      .filter((name) => !found.has(name))
      .map((name) => `wellspring.json: the key "${name}" is not known and was left out.`),
  };
}

function unusable(issue: z.core.$ZodIssue | undefined, originOf: (key: Key) => Origin): WellspringError {
  const key = configuration.keyof().parse(issue?.path[0]);
  const places = {
    flag: ' on the command line',
    environment: ` in ${variableOf(key)}`,
    file: ' in wellspring.json',
    default: '',
  };
  return new WellspringError({
    code: 'bad_configuration',
    message: `The setting ${key}${places[originOf(key)]} is not usable.`,
    detail: `${key}: ${issue?.message ?? 'is not valid'}`,
    remedy: 'Change it or leave it out.',
    exit: 2,
  });
}

function secretInFile(key: Key): WellspringError {
  return new WellspringError({
    code: 'bad_configuration',
    message: `wellspring.json holds ${key}, which is a secret and does not belong into a file that is copied and shown.`,
    remedy: `Take it out and set ${variableOf(key)} instead.`,
    exit: 2,
  });
}

function readFile(path: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw new WellspringError({
      code: 'bad_configuration',
      message: 'wellspring.json is not a JSON object.',
      detail: path,
      remedy: 'Correct it or move it away.',
      exit: 2,
      cause,
    });
  }
}
