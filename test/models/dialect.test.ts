import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODELS } from '../support/transform.ts';
import { EXCEPTIONS } from './traps/exceptions.ts';
import { NOTED } from './traps/noted.ts';
import { TRAPS, trapsIn, unless } from './traps.ts';

const files = readdirSync(MODELS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sql'));

const textOf = (file: string): string => readFileSync(path.join(MODELS, file), 'utf8');
const nameOf = (file: string): string => path.basename(file, '.sql');

describe('the dialect', () => {
  test.each(NOTED)('refuses $text ($area)', ({ text, trap }) => {
    expect(trapsIn(text).map((one) => one.trap)).toContain(trap);
  });

  test.each(TRAPS)('refuses $trap, and not what says the same on both engines', ({ trap, wrong, right }) => {
    for (const text of [wrong].flat()) {
      expect(new Set(trapsIn(text).map((one) => one.trap)), text).toEqual(new Set([trap]));
    }
    expect(trapsIn(right)).toEqual([]);
  });

  test.each(files)('is kept by %s', (file) => {
    expect(unless(trapsIn(textOf(file)), nameOf(file))).toEqual([]);
  });

  const stated = EXCEPTIONS.filter(({ trap }) => TRAPS.some((one) => one.trap === trap)).flatMap(({ trap, texts }) =>
    Object.entries(texts).flatMap(([model, of]) => of.map((text) => ({ trap, model, text }))),
  );

  test.each(stated)('has an exception in $model for $text, which is there', ({ trap, model, text }) => {
    const file = files.find((one) => nameOf(one) === model) ?? model;
    expect(trapsIn(textOf(file))).toContainEqual({ trap, text });
  });

  test('is read from files of at most 80 lines that are one lower-case select', () => {
    for (const file of files) {
      const text = textOf(file);
      expect(text.trimEnd().split('\n').length, file).toBeLessThanOrEqual(80);
      expect(text.trimEnd(), file).toMatch(/select \* from final$/);
      expect(text.replaceAll(/--.*$/gm, '').replaceAll(/'[^']*'/g, ''), file).toMatch(/^\s*with\b/);
    }
  });
});
