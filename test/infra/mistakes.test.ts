import { expect, test } from 'vitest';
import { recordStack } from '../support/stack.ts';
import { mistakes } from './mistakes.ts';
import { broken } from './rules.ts';

// A line of the program written wrong, loaded and recorded: the mistake breaks its rule and no other.

test.each(Object.entries(mistakes))(
  '%s',
  async (_, edit) => {
    const made = await recordStack({ edit });
    expect(made.refused).toBeUndefined();
    expect(broken(made)).toEqual([edit.rule]);
  },
  300_000,
);
