import { Buffer } from 'node:buffer';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/directory.ts';
import { createCanaries } from './canaries.ts';
import { filesIn, ifThere } from './files.ts';

const BIRD = 'canary/+"é=secret~9217';
const page = (text: string | Buffer) => ({ name: 'a page', bytes: Buffer.from(text), may: [] });

test.each([
  ['plain', BIRD],
  ['base64', Buffer.from(`x${BIRD}yz`).toString('base64')],
  ['base64', Buffer.from(`xy${BIRD}z`).toString('base64url')],
  ['hex', Buffer.from(BIRD).toString('hex').toUpperCase()],
  ['URL-encoded', `?a=${encodeURIComponent(BIRD)}&b=1`],
  ['URL-encoded', new URLSearchParams({ a: 'x', b: BIRD }).toString()],
  ['JSON-escaped', JSON.stringify({ text: `it was ${BIRD}.` })],
])('a planted leak is seen: %s', (form, leak) => {
  const canaries = createCanaries();
  canaries.add('secret', 'token', BIRD);
  expect(canaries.seenIn([page(`before ${leak} after`)])).toEqual([`token (${form}) in a page`]);
  expect(canaries.seenIn([page('nothing of it')])).toEqual([]);
});

test('what is somebody’s own may be where it is theirs, and only there', () => {
  const canaries = createCanaries();
  canaries.add('own', 'weight', '71.93846');
  const own = { name: 'their page', bytes: Buffer.from('71.93846 kg'), may: ['own' as const] };
  expect(canaries.seenIn([own, { ...own, name: 'a log', may: [] }])).toEqual(['weight (plain) in a log']);
});

test('every file is looked at, however deep it lies', () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'a', 'b'), { recursive: true });
  writeFileSync(join(directory, 'top'), '1');
  writeFileSync(join(directory, 'a', 'b', '.hidden'), '2');
  const found = filesIn(directory, { isRunning: false }).map(({ name, bytes }) => [name, bytes.toString()] as const);
  expect(new Map(found)).toEqual(
    new Map([
      [join('a', 'b', '.hidden'), '2'],
      ['top', '1'],
    ]),
  );
});

test('a file may vanish beside a running program, and nothing else is overlooked', () => {
  const directory = temporaryDirectory();
  const gone = () => readFileSync(join(directory, 'gone'));
  expect(ifThere(true, gone)).toBeUndefined();
  expect(() => ifThere(false, gone)).toThrow('ENOENT');
  expect(() => ifThere(true, () => readFileSync(directory))).toThrow('EISDIR');
});
