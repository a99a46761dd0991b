import { expect } from 'vitest';
import { forget } from '../../../app/forget.ts';
import { createPremises } from '../../../local/premises.ts';
import type { LocalRuntime } from '../../../local/runtime.ts';
import { dump } from '../crash/dump.ts';
import { filesThatHold } from './canary.ts';
import type { Home } from './home.ts';

/** Calls `hook` with the number of each call of an object, before it is made. */
function numbered<T extends object>(subject: T, hook: () => void): T {
  return new Proxy(subject, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]): unknown => {
        hook();
        return Reflect.apply(value, target, parameters);
      };
    },
  });
}

/** Forgets Ann, and `during` is called at the step given by number; answers how many steps there were. */
export async function forgotten(
  runtime: LocalRuntime,
  { ann }: Pick<Home, 'ann'>,
  at_ = 0,
  during: () => void = () => {},
): Promise<number> {
  let step = 0;
  const hook = (): void => {
    step += 1;
    if (step === at_) during();
  };
  const { state, objects, vault, dataDir } = runtime;
  const watched = {
    ...runtime,
    state: numbered(state, hook),
    objects: numbered(objects, hook),
    vault: numbered(vault, hook),
  };
  const receipt = await forget(watched, numbered(createPremises(dataDir), hook), ann.user_id);
  expect(receipt, `found, with an answer at step ${at_}`).toMatchObject({ found: {} });
  return step;
}

/** Nothing of her is left but the tombstone: no byte of `secrets` in any file, no record, no row of her or her `accounts`. */
export async function expectGone(
  runtime: LocalRuntime,
  { ann }: Pick<Home, 'ann'>,
  left: { readonly secrets: readonly string[]; readonly accounts: readonly string[]; readonly said: string },
): Promise<void> {
  const { secrets, accounts, said } = left;
  const ids = [ann.user_id, ...accounts];
  const hers = (text: string): boolean => ids.some((id) => text.includes(id));
  const records = (await runtime.state.everything()).filter((one) => hers(JSON.stringify(one)));
  expect(
    records.map(({ kind }) => kind),
    said,
  ).toEqual(['forget']);
  expect((await dump(runtime.console)).filter(hers), said).toEqual([]);
  expect(await runtime.vault.ids(''), said).toEqual([]);
  expect(filesThatHold(runtime.dataDir, secrets), said).toEqual([]);
}
