import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Model } from '../../../../ports/engine/duckdb/catalog.ts';
import { readSpec } from '../../../../ports/engine/duckdb/spec.ts';
import { versionsOf } from '../../../../ports/engine/duckdb/versions.ts';

const hash = (texts: readonly string[]): string => createHash('sha256').update(JSON.stringify(texts)).digest('hex');

/** nights and days are read from records, weeks are made of days. */
const TEXTS = {
  nights: "with final as (select * from records where entity = 'night') select * from final",
  days: 'with final as (select * from records r join units u on true) select * from final',
  weeks: 'with final as (select * from days) select * from final',
};

function versions(changed: Partial<Record<string, string>> = {}) {
  const texts = { ...TEXTS, ...changed };
  const yml = 'audits:\n  - sql: sound';
  const model = (name: keyof typeof TEXTS): [string, Model] => {
    const stated = name === 'weeks' ? yml : '';
    return [name, { name, sql: texts[name], yml: stated, spec: readSpec(`${name}.yml`, stated) }];
  };
  const audits = new Map([['sound', changed['sound'] ?? 'select 1 where false']]);
  const given = new Map([
    ['units', changed['units'] ?? 'u1'],
    ['records', changed['records'] ?? 'r1'],
  ]);
  return versionsOf(new Map([model('weeks'), model('nights'), model('days')]), audits, given, hash);
}

test.each([
  ['days', TEXTS.days.replace('true', 'false'), ['days', 'weeks']],
  ['weeks', `${TEXTS.weeks} `, ['weeks']],
  ['nights', `-- why\n${TEXTS.nights}`, ['nights']],
  ['units', 'u2', ['days', 'weeks']],
  ['records', 'r2', ['days', 'nights', 'weeks']],
  ['sound', 'select 2 where false', ['weeks']],
])('a change of %s changes the versions of what is made by it, and no other', (name, text, expected) => {
  const [before, after] = [versions(), versions({ [name]: text })];
  expect([...after.keys()].filter((model) => before.get(model) !== after.get(model)).toSorted()).toEqual(expected);
});
