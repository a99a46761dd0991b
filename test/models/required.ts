import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { fixture } from '../support/fixture.ts';
import { MODELS, type Payload } from '../support/transform.ts';

const line = z.object({ type: z.string(), entity: z.string(), field: z.string(), beside: z.string() });
const reader = z.object({ type: z.string(), entity: z.string(), path: z.string() });
const loose = z.record(z.string(), z.unknown());

const seed = (name: string): unknown => parse(readFileSync(`${MODELS}/${name}`, 'utf8'), { columns: true });
/** The lines of `required_fields.csv`. */
export const REQUIRED = z.array(line).parse(seed('required_fields.csv'));
const READERS = z.array(reader).parse(seed('records.csv'));

type Line = z.infer<typeof line>;

/** The first recorded record that has the field and what it stands beside, alone in its payload: as it is, and without the field. */
export function recordedWithout(asked: Line): { readonly whole: Payload; readonly without: Payload } | undefined {
  const [provider = '', type = ''] = asked.type.split('.');
  const path = READERS.find((one) => one.type === asked.type && one.entity === asked.entity)?.path ?? '';
  const lists = path
    .slice(2)
    .split('[*]')
    .filter((part) => part !== '');
  const files = readdirSync(new URL(`../fixtures/${provider}/`, import.meta.url)).filter((name) =>
    name.endsWith('.json'),
  );
  for (const file of files) {
    const document: unknown = JSON.parse(fixture(`${provider}/${file}`));
    for (const record of recordsOf(document, lists)) {
      if (
        valueOf(record, asked.field) === undefined ||
        (asked.beside !== '' && (valueOf(record, asked.beside) ?? null) === null)
      )
        continue;
      const payload = (value: unknown): Payload => {
        return { provider, externalId: 'x', type, data: wrapped(value, lists), receivedAt: '2026-11-20T08:00:00Z' };
      };
      return { whole: payload(record), without: payload(dropped(record, asked.field.split('.'))) };
    }
  }
  return undefined;
}

/** The elements of the lists that lie in each other; `lists` as `['body.measuregrps', '.measures']`. */
function recordsOf(value: unknown, [first, ...rest]: readonly string[]): readonly unknown[] {
  if (first === undefined) return [value];
  const found = valueOf(value, first);
  return Array.isArray(found) ? found.flatMap((element: unknown) => recordsOf(element, rest)) : [];
}

function valueOf(value: unknown, path: string): unknown {
  const names = path.split('.').filter((name) => name !== '');
  return names.reduce<unknown>((at, name) => loose.safeParse(at).data?.[name], value);
}

/** A payload with this one record; what encloses it has an identity, and a date. */
function wrapped(record: unknown, lists: readonly string[]): unknown {
  return lists.toReversed().reduce<unknown>((inner, list, level) => {
    const names = list.split('.').filter((name) => name !== '');
    const enclosing = level < lists.length - 1 ? { grpid: 1, date: 1_794_298_200, attrib: 0, category: 1 } : {};
    return names
      .toReversed()
      .reduce<unknown>((value, name, at) => ({ ...(at === 0 ? enclosing : {}), [name]: value }), [inner]);
  }, record);
}

function dropped(value: unknown, [name = '', ...rest]: readonly string[]): unknown {
  const { [name]: inner, ...others } = loose.parse(value);
  return rest.length === 0 ? others : { ...others, [name]: dropped(inner, rest) };
}
