import { link } from '../../app/connections.ts';
import { addUser, setUser, type User } from '../../app/people.ts';
import type { Runtime } from '../../app/runtime.ts';
import type { Sandboxed } from './people.ts';
import type { Door } from './sender.ts';

/** A person of the sandbox as the product now knows them, and where their providers push to. */
export interface Guest {
  readonly user: User;
  /** By provider. */
  readonly doors: Readonly<Record<string, Door>>;
}

/** Adds the people, tells where they lived when, and links their watch and their phone. `url` is where the server answers. */
export async function welcome(runtime: Runtime, people: readonly Sandboxed[], url: string): Promise<Guest[]> {
  const guests: Guest[] = [];
  for (const person of people) {
    const user = await addUser(runtime, { name: person.name, zone: person.zone, units: person.units });
    for (const { zone, sinceMs } of person.moves) await setUser(runtime, user, { zone, since: sinceMs });
    const watch = await link(runtime, { provider: 'garmin', user, externalId: person.watchId });
    const phone = await link(runtime, { provider: 'apple', user });
    guests.push({ user, doors: { garmin: door(watch, url), apple: door(phone, url) } });
  }
  return guests;
}

function door(linked: Awaited<ReturnType<typeof link>>, url: string): Door {
  // The path holds the key; the host may be a public address that does not lead here.
  const { pathname } = new URL(linked.webhook_url ?? '/', url);
  return { url: `${url}${pathname}`, ...(linked.token === undefined ? {} : { token: linked.token }) };
}
