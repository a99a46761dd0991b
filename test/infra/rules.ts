import { describe, expect, test } from 'vitest';
import { rules } from '../../infra/rules/index.ts';
import type { Stack } from '../../infra/rules/rule.ts';
import { planted } from './planted.ts';
import { STACK_NAMES, type Recorded } from './recorded.ts';

/** What a rule finds, a line each. */
const found = (stack: Stack, rule: (typeof rules)[number]) =>
  rule.check(stack).map(({ resource, says }) => `${resource.type} ${resource.name} ${says}`);

/** The rules a stack breaks. */
export const broken = (stack: Stack) => rules.filter((rule) => rule.check(stack).length > 0).map(({ name }) => name);

/** Every rule holds for every stack, and each can be broken. */
export function rulesHold(recorded: Recorded): void {
  describe.each(STACK_NAMES)('the stack %s', (name) => {
    test.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
      expect(found(recorded(name), rule)).toEqual([]);
    });
  });

  describe('a mistake in the recording breaks its rule and no other', () => {
    test.each(planted.map((one) => [one.rule, one.mistake, one] as const))('%s: %s', (rule, _, { plant }) => {
      expect(broken(plant(recorded('everything')))).toEqual([rule]);
    });

    test('there is one for every rule', () => {
      expect(rules.map(({ name }) => name).filter((name) => !planted.some(({ rule }) => rule === name))).toEqual([]);
    });
  });
}
