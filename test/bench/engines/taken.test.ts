import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { countRecords } from '../../../bench/engines/records.ts';
import { take } from '../../../bench/engines/taken.ts';
import { readReaders } from '../../../ports/engine/duckdb/readers.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const readers = readReaders(`type,entity,path,where,carry,identity,replaces,version,grows,date
p.days,day,$.days[*],,,date,record,,,
p.days,beat,$.days[*].heart.beats{*},,date,date key,parent,,,
p.days,asleep,$.log[*],kind=asleep,,at,record,,,
p.days,awake,$.log[*],kind!=asleep,,at,record,,,
p.fact,fact,$,,,sequence,record,,,
p.notice,,,,,,,,,
`);

test('rows are the records lines of records.csv go to, an element that several lines divide among them once', () => {
  const beats = { '0': 60, '15': 61, '30': 62 };
  const days = [{ date: 'a', heart: { beats } }, { date: 'b', heart: null }, { date: 'c' }];
  // Three days, three beats of the first of them, two entries of the log.
  expect(countRecords(readers, 'p.days', { days, log: [{ kind: 'asleep' }, { kind: 'awake' }] })).toBe(8);
  expect(countRecords(readers, 'p.days', { days: 'none' })).toBe(0);
  expect(countRecords(readers, 'p.fact', { name: 'a' })).toBe(1);
  expect(countRecords(readers, 'p.notice', { days })).toBe(0);
  expect(countRecords(readers, 'p.other', { days })).toBe(0);
});

test('a batch has so many objects and no more, and is found again', async () => {
  const directory = path.join(temporaryDirectory(), 'batch');
  const taken = await take(directory, 20);
  const found = readdirSync(path.join(directory, 'raw'), { recursive: true, encoding: 'utf8' });
  const files = found.filter((name) => name.endsWith('.json')).map((name) => `raw/${name}`);
  expect(files.toSorted()).toEqual(taken.keys);
  expect(taken.keys).toHaveLength(20);
  // Who they are comes first: two people with three connections each, and where one of them has moved.
  expect(taken.keys.filter((key) => key.includes('/wellspring/')).length).toBeGreaterThanOrEqual(8);
  expect(await take(directory, 20)).toEqual(taken);
});
