import type { Runtime } from '../runtime.ts';
import type { Check, Finding } from './check.ts';
import { names } from './names.ts';

/** Addresses nobody has said yes to: their morning texts reach nobody. */
export const mail: Check<Pick<Runtime, 'state' | 'addresses'>> = {
  id: 'mail',
  required: false,
  async run({ state, addresses }) {
    if (addresses === undefined) return [];
    const nameOf = await names({ state });
    return (await addresses.list()).map(({ userId, state: now }): Finding => {
      const { told, typed } = nameOf(userId);
      const again = `wellspring user set ${typed} --email <address> sends the question again.`;
      if (now === 'confirmed') return { ok: true, of: userId, detail: `The address of ${told} is confirmed.` };
      const words = {
        pending: {
          detail: `The address of ${told} waits to be confirmed.`,
          remedy: `They open the mail "AWS Notification - Subscription Confirmation" within two days and follow its link; ${again}`,
        },
        gone: { detail: `The address of ${told} was not confirmed, or its reader ended it.`, remedy: again },
      };
      return { ok: false, of: userId, ...words[now] };
    });
  },
};
