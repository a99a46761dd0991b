import { expect, test } from 'vitest';
import { passageAt } from '../../app/passage.ts';

const TEXT = '{ "rows": [ {"a": 1.50}, {"a/b~c": "x", "deep": {"n": [1, 2]}} ] }';

test("a pointer cuts the provider's own text, as it was written", () => {
  expect(passageAt(TEXT, '/rows/0/a')).toBe('1.50');
  expect(passageAt(TEXT, '/rows/0')).toBe('{"a": 1.50}');
  expect(passageAt(TEXT, '/rows/1/deep/n/1')).toBe('2');
  expect(passageAt(TEXT, '')).toBe(TEXT);
});

test('a name with a slash or a tilde is found by its escaped form', () => {
  // RFC 6901: ~1 is /, ~0 is ~
  expect(passageAt(TEXT, '/rows/1/a~1b~0c')).toBe('"x"');
});

test('a place that is not there has no text', () => {
  for (const pointer of ['/rows/2', '/rows/0/b', '/rows/x', '/rows/0/a/deeper']) {
    expect(passageAt(TEXT, pointer)).toBeUndefined();
  }
});

test('long text is cut at 400 characters', () => {
  const cut = passageAt(JSON.stringify({ a: 'x'.repeat(500) }), '/a');
  expect(cut).toHaveLength(400);
  expect(cut?.endsWith('…')).toBe(true);
});

test('tokens and callback addresses are masked', () => {
  const text =
    '{"userAccessToken": "abc", "callbackURL":"https://x.example/?token=abc", "steps": 5, "url": "https://x.example/a?uploadToken=abc&b=1"}';
  expect(passageAt(text, '')).toBe(
    '{"userAccessToken": "…", "callbackURL":"…", "steps": 5, "url": "https://x.example/a?uploadToken=…&b=1"}',
  );
  expect(passageAt(text, '/userAccessToken')).toBe('…');
});
