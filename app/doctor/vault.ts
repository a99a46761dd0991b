import type { Runtime } from '../runtime.ts';
import type { Check } from './check.ts';

/** Every secret can be opened with the key there is: another key, or bytes somebody changed, throw. */
export const vault: Check<Pick<Runtime, 'vault'>> = {
  id: 'vault',
  required: true,
  async run(runtime) {
    const ids = await runtime.vault.ids('');
    for (const id of ids) await runtime.vault.read(id);
    return [{ ok: true, detail: `The vault opens: ${ids.length} secrets.` }];
  },
};
