import { describe, expect, test } from 'vitest';
import { readReaders } from '../../../../ports/engine/duckdb/readers.ts';
import { readLines } from '../../../support/lines.ts';

const HEAD = 'type,entity,path,where,carry,identity,replaces,version,grows,date';

describe('the record reader', () => {
  test('every element of a list is a record, with the pointer of its place', async () => {
    const records = await readLines([`toy.a,row,$.rows[*],,,id,record,,,`], { rows: [{ id: 1 }, { id: 'b' }] });
    expect(records).toEqual([
      { entity: 'row', pointer: '/rows/0', parent: null, key: '["1"]', record: '{"id":1}', carried: '{}' },
      { entity: 'row', pointer: '/rows/1', parent: null, key: '["b"]', record: '{"id":"b"}', carried: '{}' },
    ]);
  });

  test('lists inside lists are walked, and the parent is the enclosing element', async () => {
    const data = { data: { metrics: [{ data: [] }, { name: 'm', data: [{ d: 1 }, { d: 2 }] }] } };
    const records = await readLines([`toy.a,x,$.data.metrics[*].data[*],,name,name d,record,,,`], data);
    expect(records.map(({ pointer, parent, key }) => ({ pointer, parent, key }))).toEqual([
      { pointer: '/data/metrics/1/data/0', parent: '/data/metrics/1', key: '["m","1"]' },
      { pointer: '/data/metrics/1/data/1', parent: '/data/metrics/1', key: '["m","2"]' },
    ]);
  });

  test('a map is read entry by entry, its names escaped in the pointer as RFC 6901 says', async () => {
    const data = { days: [{ at: 7, series: { '0': 61, 'a/b~c': null } }] };
    const records = await readLines([`toy.a,x,$.days[*].series{*},,at,at key,parent,,,`], data);
    expect(records).toEqual([
      {
        entity: 'x',
        pointer: '/days/0/series/0',
        parent: '/days/0',
        key: '["7","0"]',
        record: '{"key":"0","value":61}',
        carried: '{"at":7}',
      },
      {
        entity: 'x',
        // ~ is ~0 and / is ~1
        pointer: '/days/0/series/a~1b~0c',
        parent: '/days/0',
        key: '["7","a/b~c"]',
        record: '{"key":"a/b~c","value":null}',
        carried: '{"at":7}',
      },
    ]);
  });

  test('a list where a map is expected and a map where a list is are no records, but told with their place', async () => {
    const misshapen = { entity: 'misshapen', parent: null, key: null, carried: '{}' };
    expect(
      await readLines([`toy.a,x,$.days[*].series{*},,,key,parent,,,`], { days: [{ series: [1, 2] }, {}] }),
    ).toEqual([{ ...misshapen, pointer: '/days/0/series', record: '[1,2]' }]);
    expect(await readLines([`toy.a,x,$.rows[*],,,id,record,,,`], { rows: { id: 1 } })).toEqual([
      { ...misshapen, pointer: '/rows', record: '{"id":1}' },
    ]);
  });

  test('a missing field and an empty list or map read as nothing, whichever is expected', async () => {
    const days = [{}, { series: null }, { series: [] }, { series: {} }];
    expect(await readLines([`toy.a,x,$.days[*].series{*},,,key,parent,,,`], { days })).toEqual([]);
    expect(await readLines([`toy.a,x,$.rows[*],,,id,record,,,`], {})).toEqual([]);
    expect(await readLines([`toy.a,x,$.rows[*],,,id,record,,,`], { rows: {} })).toEqual([]);
  });

  test('a place several lines of one type walk through is told once', async () => {
    const lines = [`toy.a,x,$.rows[*],,,id,record,,,`, `toy.a,y,$.rows[*].parts[*],,,id,parent,,,`];
    const records = await readLines(lines, { rows: 'none' });
    expect(records.map(({ entity, pointer }) => ({ entity, pointer }))).toEqual([
      { entity: 'misshapen', pointer: '/rows' },
    ]);
  });

  test('a payload without a list is one record at the root', async () => {
    const records = await readLines(['toy.a,fact,$,,,sequence,record,,,'], { sequence: 3 });
    expect(records).toMatchObject([{ pointer: '', parent: null, key: '["3"]' }]);
  });

  test('a carried field comes from the nearest enclosing object, else from the envelope, and never from its standard attributes', async () => {
    const data = {
      units: 'outer',
      type: 'mine',
      groups: [
        { units: 'inner', rows: [{ id: 1 }] },
        { units: null, rows: [{ id: 2 }] },
      ],
    };
    const lines = [`toy.a,x,$.groups[*].rows[*],,units aggregation subject,id,record,,,`];
    const records = await readLines(lines, data, { aggregation: 'hours' });
    expect(records.map(({ carried }) => JSON.parse(carried ?? '') as unknown)).toEqual([
      { units: 'inner', aggregation: 'hours' },
      { units: 'outer', aggregation: 'hours' },
    ]);
  });

  test('lines that read the same list carry each what it names itself', async () => {
    const data = { a: 1, b: 2, groups: [{ b: 3, rows: [{ id: 1 }] }] };
    const lines = ['a', 'a b', ''].map((carry, n) => `toy.a,x${n},$.groups[*].rows[*],,${carry},${carry} id,record,,,`);
    const records = await readLines(lines, data);
    expect(Object.fromEntries(records.map(({ entity, key, carried }) => [entity, [key, carried]]))).toEqual({
      x0: ['["1","1"]', '{"a":1}'],
      x1: ['["1","3","1"]', '{"a":1,"b":3}'],
      x2: ['["1"]', '{}'],
    });
  });

  test('conditions look in the record, else in what it carries', async () => {
    const data = {
      m: [{ name: 'a', rows: [{ x: 1 }, { x: null }, {}] }, { name: 'b', rows: [{ x: 2 }] }, { rows: [{ x: 3 }] }],
    };
    const pointers = async (where: string) =>
      (await readLines([`toy.a,x,$.m[*].rows[*],${where},name,name? x?,record,,,`], data)).map((r) => r['pointer']);
    expect(await pointers('name=a')).toEqual(['/m/0/rows/0', '/m/0/rows/1', '/m/0/rows/2']);
    expect(await pointers('name!=a')).toEqual(['/m/1/rows/0', '/m/2/rows/0']);
    expect(await pointers('name=a x')).toEqual(['/m/0/rows/0']);
    expect(await pointers('name=a !x')).toEqual(['/m/0/rows/1', '/m/0/rows/2']);
  });

  test('the first complete way to an identity makes the key, and none of them no key', async () => {
    const data = { rows: [{ id: 5, name: 'n', at: 1 }, { name: 'n', at: 1 }, { name: 'n' }] };
    const records = await readLines([`toy.a,x,$.rows[*],,,id | name at,record,,,`], data);
    expect(records.map((record) => record['key'])).toEqual(['["5"]', '["n","1"]', null]);
  });

  test('an optional field may be missing, but not every field', async () => {
    const data = { rows: [{ a: 1 }, { b: 2 }, {}] };
    const records = await readLines([`toy.a,x,$.rows[*],,,a? b?,record,,,`], data);
    expect(records.map((record) => record['key'])).toEqual(['["1",null]', '[null,"2"]', null]);
  });

  test('identical rows of one object are numbered in their order', async () => {
    const row = { Date: '2026-01-01', Meal: 'Lunch' };
    const data = { rows: [row, { Date: '2026-01-01', Meal: 'Dinner' }, row] };
    const records = await readLines([`toy.a,x,$.rows[*],,,Date Meal #,covered,,,Date`], data);
    expect(records.map((record) => record['key'])).toEqual([
      '["2026-01-01","Lunch",1]',
      '["2026-01-01","Dinner",1]',
      '["2026-01-01","Lunch",2]',
    ]);
  });

  test('long numbers and half an emoji come through', async () => {
    const text = String.raw`{"rows":[{"id":12345678901234567890123,"name":"half \ud83d","path":"C:\\ud83d"}]}`;
    const [record] = await readLines([`toy.a,x,$.rows[*],,,id,record,,,`], text);
    expect(record?.['key']).toBe('["12345678901234567890123"]');
    expect(JSON.parse(record?.['record'] ?? '')).toMatchObject({ name: 'half \ufffd', path: String.raw`C:\ud83d` });
  });

  test('a type with an empty path has nothing to read', async () => {
    expect(await readLines(['toy.a,,,,,,,,,'], { rows: [1] })).toEqual([]);
  });

  test('a path the reader does not understand is refused', () => {
    expect(() => readReaders(`${HEAD}\ntoy.a,x,$..rows,,,id,record,,,`)).toThrow(
      /the path \$\.\.rows is not understood/,
    );
  });
});
