import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { commands } from '../../../local/cli/commands.ts';
import { createContext } from '../../../local/cli/context.ts';
import { filesBelow } from '../../support/tree.ts';

/** By command: the options it cannot do without, as the command itself says. */
async function neededOptions(): Promise<ReadonlyMap<string, readonly string[]>> {
  const terminal = { out: () => undefined, err: () => undefined, interactive: false, environment: {} };
  const context = createContext({ ...terminal, interrupted: new AbortController().signal }, () => ({}));
  const needed = new Map<string, readonly string[]>();
  for (const [name, entry] of Object.entries(commands)) {
    const command = new Command(name);
    (await entry.load()).describe(command, context);
    const long = command.options.filter(({ mandatory }) => mandatory).flatMap((option) => option.long ?? []);
    if (long.length > 0) needed.set(name, long);
  }
  return needed;
}

/** A command as somebody is told to type it, up to the end of the text or the next command. */
const SHOWN = /wellspring (?<name>[a-z-]+) (?<rest>(?:(?!wellspring |[`'";\n]).)*)/g;

test('whoever is told to type a command is told every option it needs', async () => {
  const needed = await neededOptions();
  expect(needed.get('connect')).toEqual(['--user']);
  const incomplete = ['app', 'dashboard', 'local', 'providers'].flatMap((folder) =>
    filesBelow(folder, /\.tsx?$/).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(SHOWN)].flatMap(({ 0: shown, groups: { name = '', rest = '' } = {} }) =>
        (needed.get(name) ?? [])
          .filter((option) => !rest.includes(option))
          .map((option) => `${path}: ${shown} lacks ${option}`),
      ),
    ),
  );
  expect(incomplete).toEqual([]);
});
