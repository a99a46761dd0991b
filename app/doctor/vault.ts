import { isUnreadable } from '../grant.ts';
import type { Runtime } from '../runtime.ts';
import type { Check, Finding } from './check.ts';

/** Every secret can be opened with the key there is: another key, or bytes somebody changed, leave some that cannot. */
export const vault: Check<Pick<Runtime, 'vault'>> = {
  id: 'vault',
  required: true,
  async run(runtime) {
    const ids = await runtime.vault.ids('');
    const closed: string[] = [];
    for (const id of ids) if (!(await opens(runtime, id))) closed.push(id);
    if (closed.length === 0) return [{ ok: true, detail: `The vault opens: ${ids.length} secrets.` }];
    const detail = `${closed.length} of ${ids.length} secrets cannot be opened: sealed with another key, or changed since.`;
    return [{ ok: false, detail, remedy: remedyOf(closed) }];
  },
};

async function opens({ vault: opened }: Pick<Runtime, 'vault'>, id: string): Promise<boolean> {
  try {
    await opened.read(id);
    return true;
  } catch (error) {
    if (isUnreadable(error)) return false;
    throw error;
  }
}

/** By what each was for; what is left of somebody forgotten needs nobody. */
function remedyOf(closed: readonly string[]): NonNullable<Finding['remedy']> {
  const clients = closed.filter((id) => id.startsWith('client/')).map((id) => id.slice('client/'.length));
  const ways = [
    'Put vault.key back from a backup',
    ...clients.map((provider) => `set it again: wellspring secret set ${provider}.clientSecret < FILE`),
    ...(closed.some((id) => id.startsWith('connection/'))
      ? ['connect again what says so on the Connections page']
      : []),
  ];
  return `${ways.join('; or ')}.`;
}
