import { link } from '../../app/connections.ts';
import { providerNamed } from '../../app/provider.ts';
import { webhookUrl } from '../../app/urls.ts';
import { addUser, setUser, type User } from '../../app/people.ts';
import type { Runtime } from '../../app/runtime.ts';
import type { Sandboxed } from './people.ts';
import type { Door } from './sender.ts';

/** A person of the sandbox as the product now knows them, and where their providers push to. */
export interface Guest {
  readonly user: User;
  /** By provider. */
  readonly doors: Readonly<Record<string, Door>>;
  /** Links a watch that was not linked yet. */
  readonly linkWatch: () => Promise<void>;
}

/**
 * Adds the people, tells where they lived when, and links their watch and their phone. `url` is where the server answers; of those
 * `isLate` names (by index) the watch is not linked yet, though its door is open.
 */
export async function welcome(
  runtime: Runtime,
  people: readonly Sandboxed[],
  url: string,
  isLate: (person: number) => boolean = () => false,
): Promise<Guest[]> {
  const guests: Guest[] = [];
  for (const [at, person] of people.entries()) {
    const user = await addUser(runtime, { name: person.name, zone: person.zone, units: person.units });
    for (const { zone, sinceMs } of person.moves) await setUser(runtime, user, { zone, since: sinceMs });
    const linkWatch = async (): Promise<void> => {
      await link(runtime, { provider: 'garmin', user, externalId: person.watchId });
    };
    if (!isLate(at)) await linkWatch();
    const phone = await link(runtime, { provider: 'apple', user, externalId: `phone-of-${person.watchId}` });
    const watch = { webhook_url: webhookUrl(runtime, providerNamed('garmin')) };
    guests.push({ user, doors: { garmin: door(watch, url), apple: door(phone, url) }, linkWatch });
  }
  return guests;
}

function door(linked: { readonly webhook_url: string | null; readonly token?: string }, url: string): Door {
  // The path holds the key; the host may be a public address that does not lead here.
  const { pathname } = new URL(linked.webhook_url ?? '/', url);
  return { url: `${url}${pathname}`, ...(linked.token === undefined ? {} : { token: linked.token }) };
}
