import { expect, test, vi } from 'vitest';
import { tell } from '../../handlers/problem.ts';

test('of a failure of a library the log has its name and places, and no line of what it said', () => {
  const log: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((line) => log.push(String(line)) > 0);
  tell('answering', new TypeError('[\n  "weight 81.5"\n    at Anna (home.ts:1:1)\n]'));
  spy.mockRestore();
  const [line = '{}'] = log;
  const { code, at } = JSON.parse(line);
  expect([code, line.includes('81.5'), line.includes('Anna')]).toEqual(['TypeError', false, false]);
  expect(at[0]).toContain('problem.test.ts');
});
