import { PortError } from '../errors.ts';
import type { Message } from './notifier.ts';

const SUBJECT = /^[\x20-\x7e]{1,100}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const USER = /^[A-Za-z0-9_]{1,64}$/;
const LONGEST_LINE = 72;
const PART = /^[a-z0-9]{1,16}$/;
const NAME =
  /^(?<day>\d{4}-\d{2}-\d{2})-(?<userId>[A-Za-z0-9_]{1,64})-(?<kind>summary|alert)(?:-(?<part>[a-z0-9]{1,16}))?\.txt$/;
const TEXT = /^Subject: (?<subject>.*)\n\n(?<text>[^]*)$/;

/** The file name of a message: one per person, day, kind and part. Throws `invalid_message` for what plain mail cannot carry. */
export function letterName(message: Message): string {
  const problems = [
    SUBJECT.test(message.subject) ? '' : 'the subject is not 1 to 100 printable ASCII characters',
    message.text.split('\n').every((line) => line.length <= LONGEST_LINE) ? '' : 'a line is longer than 72 characters',
    DAY.test(message.day) ? '' : 'the day is not YYYY-MM-DD',
    USER.test(message.userId) ? '' : 'the user id is not one of ours',
    message.part === undefined || PART.test(message.part) ? '' : 'the part is not small letters and digits',
  ].filter((problem) => problem !== '');
  // The text is about somebody's health: it is not repeated here.
  if (problems.length > 0) throw new PortError('invalid_message', `A message was refused: ${problems.join(', ')}.`);
  const part = message.part === undefined ? '' : `-${message.part}`;
  return `${message.day}-${message.userId}-${message.kind}${part}.txt`;
}

/** A subject line, a blank line, the text; UTF-8. */
export function letterBytes(message: Message): Uint8Array {
  return new TextEncoder().encode(`Subject: ${message.subject}\n\n${message.text}`);
}

/** Whose letter a file is, by its name; undefined for a file that is not a letter. */
export function addresseeOf(name: string): string | undefined {
  return NAME.exec(name)?.groups?.['userId'];
}

/** The message a file holds; undefined for a file that is not a letter. */
export function readLetter(name: string, bytes: Uint8Array): Message | undefined {
  const named = NAME.exec(name)?.groups;
  const written = TEXT.exec(new TextDecoder().decode(bytes))?.groups;
  if (named === undefined || written === undefined) return undefined;
  const { day = '', userId = '', part } = named;
  const { subject = '', text = '' } = written;
  const kind = named['kind'] === 'alert' ? 'alert' : 'summary';
  return { userId, day, kind, ...(part !== undefined && { part }), subject, text };
}
