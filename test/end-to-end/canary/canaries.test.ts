import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { createCanaries } from './canaries.ts';

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
