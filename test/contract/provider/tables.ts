import { beforeAll, describe, expect, test } from 'vitest';
import type { Provider } from '../../../providers/kit/provider.ts';
import { filesBelow, read } from '../../support/tree.ts';
import { connectionFact, runModels, userFact, type Payload } from '../../support/transform.ts';
import type { Evidence } from '../provider.ts';
import { columnOf } from './identity.ts';

/** Its types: each has a reader and a staging model that turns what is recorded into rows, or says why not. */
export function tablesContract({ id, webhook }: Provider, { types, unread = {}, deliveries = [] }: Evidence): void {
  const named = Object.keys(types);
  const readers = columnOf('models/records.csv', 0);
  const entities = columnOf('models/records.csv', 1);
  const isOurs = (type: string | undefined): boolean => type?.startsWith(`${id}.`) ?? false;
  const isRead = (type: string) => readers.some((reader, line) => reader === `${id}.${type}` && entities[line] !== '');

  test('every type has a line in models/records.csv, or says why nothing reads it yet', () => {
    expect(named, `${id}: name its types`).not.toEqual([]);
    const unsaid = named.filter((type) => !isRead(type) && !Object.hasOwn(unread, type));
    expect(unsaid).toEqual([]);
    expect(Object.keys(unread).filter((type) => isRead(type) || !named.includes(type))).toEqual([]);
    const strangers = readers.filter((reader) => isOurs(reader) && !named.includes(reader.slice(id.length + 1)));
    expect(strangers).toEqual([]);
  });

  test('what is read without anything recorded says why', () => {
    const silent = Object.entries(types).filter(([, one]) => typeof one !== 'string' && one.why.trim().length < 10);
    expect(silent).toEqual([]);
  });

  test('every type that is read has a staging model, by its own name or that of the provider', () => {
    const sql = filesBelow(`models/staging/${id}`, /\.sql$/)
      .map(read)
      .join('\n');
    expect(
      named.filter((type) => isRead(type) && !sql.includes(`'${id}.${type}'`) && !sql.includes(`provider = '${id}'`)),
    ).toEqual([]);
  });

  describe('the recorded texts', () => {
    const records = new Set<unknown>();
    let sources: readonly unknown[] = [];
    beforeAll(async () => {
      const texts = Object.entries(types).filter((one): one is [string, string] => typeof one[1] === 'string');
      const parts = deliveries.flatMap((text) => webhook?.split(text, 'me') ?? []);
      const sent = parts
        .filter(({ notice }) => !notice)
        .map(({ resource, text }): [string, string] => [resource, text]);
      const recorded = [...texts, ...sent].map(([type, data]): Payload => {
        return { provider: id, externalId: 'me', type, data, receivedAt: '2026-11-20T08:00:00Z' };
      });
      const tables = await runModels([userFact('u_a'), connectionFact('u_a', id, 'me'), ...recorded]);
      for (const row of await tables.query(`select distinct type from records where entity <> 'misshapen'`))
        records.add(row['type']);
      const rows = await tables.query(`select distinct source_type from contexts where provider = '${id}'`);
      sources = rows.map((row) => row['source_type']);
      tables.close();
    });

    test('are read: each type makes records', () => {
      const silent = Object.entries(types).filter(
        ([type, text]) => typeof text === 'string' && isRead(type) && !records.has(`${id}.${type}`),
      );
      expect(silent.map(([type]) => type)).toEqual([]);
    });

    test('come from sources of a known type', () => {
      const known = columnOf('models/source_priority.csv', 0);
      expect(sources.filter((source) => !known.includes(String(source)))).toEqual([]);
    });
  });
}
