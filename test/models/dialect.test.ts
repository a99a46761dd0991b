import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODELS } from '../support/transform.ts';
import { TRAPS, trapsIn } from './traps.ts';

const files = readdirSync(MODELS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sql'));

describe('the dialect', () => {
  test.each(TRAPS)('refuses $trap, and not what says the same on both engines', ({ trap, wrong, right }) => {
    expect(trapsIn(wrong)).toEqual([trap]);
    expect(trapsIn(right)).toEqual([]);
  });

  test.each(files)('is kept by %s', (file) => {
    expect(trapsIn(readFileSync(path.join(MODELS, file), 'utf8'))).toEqual([]);
  });

  test('is read from files of at most 80 lines that are one lower-case select', () => {
    for (const file of files) {
      const text = readFileSync(path.join(MODELS, file), 'utf8');
      expect(text.trimEnd().split('\n').length, file).toBeLessThanOrEqual(80);
      expect(text.trimEnd(), file).toMatch(/select \* from final$/);
      expect(text.replaceAll(/--.*$/gm, '').replaceAll(/'[^']*'/g, ''), file).toMatch(/^\s*with\b/);
    }
  });
});
