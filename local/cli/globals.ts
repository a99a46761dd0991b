import type { Command } from 'commander';

/** The options every command takes. */
export interface Globals {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly url?: string;
  readonly stack?: string;
  readonly token?: string;
  readonly debug?: boolean;
  readonly input?: boolean;
}

const DEFINITIONS: readonly (readonly [flags: string, description: string])[] = [
  ['--data-dir <directory>', 'where everything is kept (WELLSPRING_DATA_DIR, else .wellspring)'],
  ['--json', 'data as JSON on stdout'],
  ['--url <url>', 'ask a running server instead of the data directory'],
  ['--stack <stack>', 'ask a stack on AWS, by its name in Pulumi'],
  ['--token <token>', "the owner's token for --url (WELLSPRING_TOKEN); a stack tells its own"],
  ['--no-input', 'never ask'],
  ['--debug', 'show where an error came from'],
];

export function addGlobals(program: Command): void {
  for (const [flags, description] of DEFINITIONS) program.option(flags, description);
}

const WITH_VALUE = new Set(DEFINITIONS.flatMap(([flags]) => (flags.includes('<') ? flags.split(' ')[0] : [])));

/** The command asked for: the first word that is neither an option nor the value of a global one. */
export function commandOf(words: readonly string[]): string | undefined {
  return words.find((word, at) => !word.startsWith('-') && !WITH_VALUE.has(words[at - 1]));
}
