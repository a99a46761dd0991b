// The program with everything on: its functions as bundles in processes of their own with exactly the variables the stack gives them, its
// parts on moto under their recorded names, its rules as they are. moto asks no role whether it may, so every call is noted and judged by
// the recorded policies at the end. It runs no job and no query: what they would write is put there, and tables are empty.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasMoto } from '../support/moto.ts';
import { type Household, openHousehold } from '../support/stand/household.ts';
import { batches } from './stack/batches.ts';
import { canary } from './stack/canary.ts';
import { doors } from './stack/doors.ts';
import { fetching } from './stack/fetching.ts';
import { parting } from './stack/parting.ts';
import { rights } from './stack/rights.ts';

describe.skipIf(!hasMoto)('the stack at work', () => {
  let opened: Household | undefined;
  const house = (): Household => {
    if (opened === undefined) throw new Error('It is not open.');
    return opened;
  };
  beforeAll(async () => {
    opened = await openHousehold();
  }, 180_000);
  afterAll(() => opened?.close());

  test('nobody needs more than a sign-in and a name to begin', () => {
    expect(house().ids.anna).toMatch(/^u_/);
    expect(house().ids.ben).not.toBe(house().ids.anna);
  });
  fetching(house);
  doors(house);
  batches(house);
  parting(house);
  canary(house);
  rights(house);
});
