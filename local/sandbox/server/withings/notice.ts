import type { Change } from '../horizon.ts';
import type { Notice } from '../simulation.ts';
import type { Notify } from './notify.ts';

const TEMPERATURES = ['12', '71', '73'];
const CUFF = ['9', '10', '54'];

/** What a change asks the receiver to look at: the fields of a notice without the account. */
interface Told {
  readonly appli: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Notices about changes, to whoever subscribed; the same words about one account once. */
export function noticesOf(changes: readonly Change[], notify: Notify): readonly Notice[] {
  const notices = new Map<string, Notice>();
  for (const change of nightsMerged(changes)) {
    const { externalId } = change.holding;
    for (const { appli, fields } of toldOf(change)) {
      for (const { callbackurl } of notify.to(externalId, appli)) {
        const notice = noticeOf(externalId, callbackurl, appli, fields);
        notices.set(`${callbackurl} ${notice.body}`, notice);
      }
    }
  }
  return [...notices.values()];
}

/** The parts of a night are told of together, by day. */
function nightsMerged(changes: readonly Change[]): readonly Change[] {
  const nights = new Map<string, Change>();
  const others = changes.filter((change) => {
    const { record, holding } = change;
    if (!record.type.startsWith('sleep-')) return true;
    const key = `${holding.externalId} ${record.day}`;
    const { record: before } = nights.get(key) ?? change;
    const [fromS, toS] = [Math.min(before.fromS, record.fromS), Math.max(before.toS, record.toS)];
    nights.set(key, { ...change, record: { ...record, fromS, toS } });
    return false;
  });
  return [...others, ...nights.values()];
}

/** A form without a signature; only the address is secret. */
export function noticeOf(userid: string, url: string, appli: string, fields: Readonly<Record<string, string>>): Notice {
  return {
    provider: 'withings',
    account: userid,
    name: `${appli} ${Object.values(fields).join(' ')}`,
    body: new URLSearchParams({ userid, ...fields, appli }).toString(),
    make: ({ wrong }) => ({
      // Another last letter: an address nobody was given.
      url: wrong ? url.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x')) : url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Withings' },
    }),
  };
}

function toldOf({ record }: Change): Told[] {
  const { type, day, fromS, toS } = record;
  const span = { startdate: String(fromS), enddate: String(toS) };
  if (type === 'getmeas') {
    // One second apart, as real ones are.
    const fields = { startdate: String(fromS - 1), enddate: String(toS) };
    return kindsOf(record.record).map((appli) => ({ appli, fields }));
  }
  return type.startsWith('sleep-') ? [{ appli: '44', fields: span }] : [{ appli: '16', fields: { date: day } }];
}

function kindsOf({ measures, category }: Readonly<Record<string, unknown>>): string[] {
  if (category === 2 || !Array.isArray(measures)) return [];
  const types = new Set(measures.map((one: unknown) => (hasType(one) ? String(one.type) : '')));
  const any = (wanted: readonly string[]): boolean => wanted.some((type) => types.has(type));
  const kinds = [any(TEMPERATURES) ? '2' : '', any(CUFF) ? '4' : ''].filter((kind) => kind !== '');
  return kinds.length === 0 ? ['1'] : kinds;
}

const hasType = (one: unknown): one is { readonly type: unknown } =>
  typeof one === 'object' && one !== null && 'type' in one;
