import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { PortError } from '../../errors.ts';

/** `name=value`, `name!=value`, `name` (there) or `!name` (not there). */
export type Condition =
  | { readonly name: string; readonly op: '=' | '!='; readonly value: string }
  | { readonly name: string; readonly op: 'there' }
  | { readonly name: string; readonly op: 'absent' };

/** One of the ways to an identity: all `required` fields must be there. */
export interface Identity {
  readonly fields: readonly { readonly name: string; readonly optional: boolean }[];
  /** The occurrence number among rows with the same fields is part of the key. */
  readonly numbered: boolean;
}

/** One step of a path: names to walk, then every element of a list or every entry of a map. */
export interface Step {
  readonly names: readonly string[];
  readonly over: 'list' | 'map';
}

/** One line of `records.csv`: how records of an entity are read from the payloads of a type. */
export interface Reader {
  readonly type: string;
  readonly entity: string;
  /** Undefined when the type has nothing to read; without steps the payload is the one record. */
  readonly steps: readonly Step[] | undefined;
  readonly where: readonly Condition[];
  readonly carry: readonly string[];
  readonly identity: readonly Identity[];
  readonly replaces: string;
  readonly version: string;
  readonly grows: string;
  readonly date: string;
}

const lines = z.array(z.record(z.string(), z.string()));

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

function readSteps(path: string): readonly Step[] | undefined {
  if (path === '') return undefined;
  if (!/^\$((\.[A-Za-z_]\w*)*(\[\*\]|\{\*\}))*$/.test(path) || /\{\*\}./.test(path)) {
    throw new PortError('invalid_model', `records.csv: the path ${path} is not understood`);
  }
  return [...path.slice(1).matchAll(/((?:\.\w+)*)(\[\*\]|\{\*\})/g)].map(([, names, over]) => ({
    names: (names ?? '').split('.').filter((name) => name !== ''),
    over: over === '[*]' ? 'list' : 'map',
  }));
}

function readCondition(text: string): Condition {
  const equality = /^([^!=]+)(!?=)(.*)$/.exec(text);
  if (equality?.[1] !== undefined) {
    return { name: equality[1], op: equality[2] === '=' ? '=' : '!=', value: equality[3] ?? '' };
  }
  return text.startsWith('!') ? { name: text.slice(1), op: 'absent' } : { name: text, op: 'there' };
}

function readIdentity(text: string): Identity {
  const names = words(text);
  return {
    fields: names
      .filter((name) => name !== '#')
      .map((name) => ({ name: name.replace(/\?$/, ''), optional: name.endsWith('?') })),
    numbered: names.includes('#'),
  };
}

/** Reads `records.csv` (models/README.md). */
export function readReaders(csv: string): readonly Reader[] {
  return lines.parse(parse(csv, { columns: true, skip_empty_lines: true })).map((row) => {
    const field = (name: string): string => row[name] ?? '';
    return {
      type: field('type'),
      entity: field('entity'),
      steps: readSteps(field('path')),
      where: words(field('where')).map(readCondition),
      carry: words(field('carry')),
      identity: field('identity').split(' | ').map(readIdentity),
      replaces: field('replaces'),
      version: field('version'),
      grows: field('grows'),
      date: field('date'),
    };
  });
}
