import { expect, test } from 'vitest';
import { WellspringError } from '../../../app/errors.ts';
import type { Globals } from '../../../local/cli/globals.ts';
import { report } from '../../../local/cli/report.ts';
import type { Environment } from '../../../local/environment.ts';
import { PortError } from '../../../ports/errors.ts';

function tell(error: unknown, globals: Globals = {}, environment: Environment = {}, interactive = false) {
  const told: string[] = [];
  const terminal = {
    out: () => undefined,
    err: (text: string) => told.push(text),
    interactive,
    environment,
    interrupted: new AbortController().signal,
  };
  return { exit: report(error, { terminal, globals }), text: told.join('') };
}

const coloured = (environment: Environment, interactive: boolean) =>
  tell(error, {}, environment, interactive).text.includes('\u001b[');

const error = new WellspringError({
  code: 'unknown_zone',
  message: 'Mars/Olympus is no time zone.',
  detail: 'The list is that of IANA.',
  remedy: 'Name one such as Europe/Paris.',
  exit: 2,
});

test('an error says what happened, why, what to do and its code', () => {
  expect(tell(error)).toEqual({
    exit: 2,
    text: '✗ Mars/Olympus is no time zone.\n  The list is that of IANA.\n  → Name one such as Europe/Paris.\n  (unknown_zone)\n',
  });
});

test('with --json it is one document', () => {
  const { text } = tell(error, { json: true });
  expect(JSON.parse(text)).toEqual({
    schema_version: 1,
    error: {
      code: 'unknown_zone',
      message: 'Mars/Olympus is no time zone.',
      detail: 'The list is that of IANA.',
      remedy: 'Name one such as Europe/Paris.',
    },
  });
});

test("a driver's refusal is exit code 4, a surprise 1, and neither shows a trace unless asked", () => {
  const refusal = tell(new PortError('disk_full', 'The disk is full.', { remedy: 'Make room.' }));
  expect(refusal).toEqual({ exit: 4, text: '✗ The disk is full.\n  → Make room.\n  (disk_full)\n' });
  const surprise = new Error('x is not a function', { cause: new Error('below') });
  expect(tell(surprise).exit).toBe(1);
  expect(tell(surprise).text).not.toContain('report.test.ts');
  expect(tell(surprise, { debug: true }).text).toMatch(/report\.test\.ts[\s\S]*caused by Error: below/);
});

test('colours appear on a terminal only, and never with NO_COLOR or a dumb one', () => {
  expect(coloured({}, false)).toBe(false);
  expect(coloured({ TERM: 'xterm' }, true)).toBe(true);
  expect(coloured({ TERM: 'xterm', NO_COLOR: '1' }, true)).toBe(false);
  expect(coloured({ TERM: 'dumb' }, true)).toBe(false);
  expect(coloured({ FORCE_COLOR: '1' }, false)).toBe(true);
});
