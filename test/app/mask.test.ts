import { expect, test } from 'vitest';
import { masked } from '../../app/mask.ts';
import { passageAt } from '../../app/passage.ts';

test.each([
  ['a text', '{"userAccessToken": "abc", "steps": 5}', '{"userAccessToken": "…", "steps": 5}'],
  ['a text with a quote in it', '{"token":"a\\"bc","steps":5}', '{"token":"…","steps":5}'],
  ['a text that was cut', '{"steps":5,"refreshToken":"abcdef', '{"steps":5,"refreshToken":"…"'],
  ['a text cut behind a backslash', '{"clientSecret":"abc\\', '{"clientSecret":"…"'],
  ['a number', '{"token": 12345, "steps": 5}', '{"token": "…", "steps": 5}'],
  // Where a list or an object of them ends is not looked for: nothing that follows is shown.
  ['a list', '{"steps":5,"tokens":["abc","def"],"n":1}', '{"steps":5,"tokens":"…"'],
  ['an object', '{"authorization":{"a":{"b":"abc"},"c":"def"}}', '{"authorization":"…"'],
  ['an address', '{"callbackURL":"https://x.example/?a=abc"}', '{"callbackURL":"…"}'],
  ['a parameter', '"https://x.example/a?uploadToken=abc&b=1"', '"https://x.example/a?uploadToken=…&b=1"'],
  ['a form', 'client_secret=abc&userid=7', 'client_secret=…&userid=7'],
  [
    'JSON inside a text',
    '{"body":"{\\"access_token\\":\\"abc\\",\\"n\\":1}"}',
    '{"body":"{\\"access_token\\":\\"…\\",\\"n\\":1}"}',
  ],
  ['a header', 'Bearer abcdefgh.ijk and more', 'Bearer … and more'],
])('%s is masked', (_, text, shown) => {
  expect(masked(text)).toBe(shown);
});

test('what is no secret stays letter by letter', () => {
  const text = '{ "steps": 8123, "note": "a token of thanks", "url": "https://x.example/?day=1" }';
  expect(masked(text)).toBe(text);
});

test('nothing below a secret name is shown, however deep the pointer leads', () => {
  expect(passageAt('{"tokens":[{"value":"abc"}]}', '/tokens/0/value')).toBe('…');
});

test('a text of megabytes that is nothing but the word is masked as fast as any', () => {
  // Looked through whole it would take hours.
  expect(passageAt(JSON.stringify({ a: 'token'.repeat(2_000_000) }), '')).toHaveLength(400);
});
