import { join } from 'node:path';
import type { Custody } from '../../../app/refresh/custody.ts';
import { openVaultKeys } from '../../../local/vault-key.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { nodeFiles } from '../../../ports/files/node.ts';
import { createRandomIds } from '../../../ports/ids/random.ts';
import { createFsObjects } from '../../../ports/objects/fs.ts';
import { createLibsqlState } from '../../../ports/state/libsql.ts';
import { createSealedVault } from '../../../ports/vault/sealed.ts';
import { createOAuthClient } from '../../../providers/kit/oauth/client.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { egressNobodyUses, oauthWith } from '../../app/refresh/parts.ts';

export const ID = 'c_abcdefghijkl';

/** The custody of one process over a real data directory, `shiftMs` ahead of the machine's clock; `graceS` 0 for none. */
export function openStand(dataDir: string, baseUrl: string, shift: { readonly ms: number }, graceS: number): Custody {
  const system = createSystemClock();
  const clock = {
    now: () => system.now() + shift.ms,
    sleep: (ms: number, signal?: AbortSignal) => system.sleep(ms, signal),
  };
  const ids = createRandomIds();
  const state = createLibsqlState({ file: join(dataDir, 'state.db'), clock });
  const oauth = oauthWith({ rotates: true, ...(graceS > 0 && { graceS }) });
  const settings = { clientId: 'client', clientSecrets: [new Secret('client secret')], baseUrl };
  const client = createOAuthClient({ provider: { id: 'somewhere', oauth }, settings, nowMs: clock.now });
  return {
    clock,
    ids,
    state,
    objects: createFsObjects({ root: dataDir, files: nodeFiles }),
    bus: { publish: async (events) => events.map(() => ({ ok: true as const })) },
    vault: createSealedVault({ state, keys: openVaultKeys(join(dataDir, 'vault.key'), ids), ids }),
    egress: egressNobodyUses,
    settings: () => settings,
    oauth: () => oauth,
    oauthClient: async () => client,
    revoke: async () => undefined,
  };
}
