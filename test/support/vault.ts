import { createRandomIds } from '../../ports/ids/random.ts';
import type { State } from '../../ports/state/state.ts';
import type { VaultKeys } from '../../ports/vault/keys.ts';
import { createSealedVault } from '../../ports/vault/sealed.ts';
import type { Vault } from '../../ports/vault/vault.ts';

/** Keys that live as long as the test. */
export function memoryKeys(): VaultKeys {
  let keys: readonly string[] = [createRandomIds().secret(32)];
  return { all: () => keys, replace: (next) => void (keys = next) };
}

/** A sealed vault over a state, with a key nobody keeps. */
export function openVault(state: State): Vault {
  return createSealedVault({ state, keys: memoryKeys(), ids: createRandomIds() });
}
