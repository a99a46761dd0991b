import { apple } from './apple.ts';
import { garmin } from './garmin.ts';
import type { Provider } from './kit/provider.ts';
import { selftest } from './kit/selftest.ts';
import { myfitnesspal } from './myfitnesspal.ts';
import { oura } from './oura.ts';
import { withings } from './withings.ts';

const all = {
  apple,
  garmin,
  myfitnesspal,
  oura,
  withings,
} satisfies Record<string, Provider>;

export type ProviderId = keyof typeof all;

/** Every provider by its id. */
export const providers: Readonly<Record<ProviderId, Provider>> = all;

const BY_ID: ReadonlyMap<string, Provider> = new Map(Object.entries(all));

const DOORS: ReadonlyMap<string, Provider> = new Map([...BY_ID, [selftest.id, selftest]]);

/** Whose door an id of an address is: a provider's, or the self-test's, which is no provider anybody sees. */
export function findDoor(id: string): Provider | undefined {
  return DOORS.get(id);
}

/** The provider of an id from outside; undefined for anything else, names of Object's own members included. */
export function findProvider(id: string): Provider | undefined {
  return BY_ID.get(id);
}
