import { findProvider } from '../../providers/index.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { countsOf } from '../counted.ts';
import type { Runtime } from '../runtime.ts';
import { sourceName } from '../source-name.ts';
import type { Check, Finding } from './check.ts';

const DAYS = 7;

/** What went as it should. */
const WELL = ['stored', 'handshake'];

/** What the doors refused and what fetching gave up in the last days; a warning where there is something to do. */
export const counted: Check<Pick<Runtime, 'state' | 'clock'>> = {
  id: 'counted',
  required: false,
  async run(runtime) {
    const all = Object.entries(await countsOf(runtime, DAYS));
    return all.flatMap(([id, reasons]) => {
      const bad = Object.entries(reasons).filter(([reason]) => !WELL.includes(reason));
      return bad.length === 0 ? [] : [finding(id, bad)];
    });
  },
};

function finding(id: string, bad: readonly (readonly [reason: string, times: number])[]): Finding {
  const said = bad.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([reason, times]) => `${wordsOf(reason)} (${times})`);
  const remedies = new Set(bad.map(([reason]) => remedyOf(reason, id)).filter((remedy) => remedy !== undefined));
  const detail = `${sourceName(id)}, last ${DAYS} days: ${said.join(', ')}.`;
  return remedies.size === 0
    ? { ok: true, of: id, detail }
    : { ok: false, of: id, detail, remedy: [...remedies].join(' ') };
}

const WORDS: Readonly<Record<string, string>> = {
  answer_unreadable: 'answers that were none',
  callback_lost: 'uploads that are lost: their addresses are spent, and the provider sends them no more',
  callback_refused: 'addresses in notices that are not the provider’s',
  callback_unreadable: 'answers behind addresses in notices that were none',
  collect_failed: 'fetches that broke off',
  corrupt: 'deliveries that could not be inflated',
  days_given_up: 'windows given up after a week',
  ended_not_confirmed: 'words of an ended grant the provider did not confirm',
  event_lost: 'events lost, found by the sweep',
  handshake_refused: 'checks of the address refused',
  key_expired: 'deliveries signed too long ago',
  key_malformed: 'deliveries with a malformed key or signature',
  key_mismatch: 'deliveries with a wrong key or signature',
  key_missing: 'deliveries without a key or signature',
  key_revoked: 'deliveries with a revoked key',
  key_unconfigured: 'deliveries that could not be checked without the secret',
  notice_clipped: 'notices of more days than are asked for',
  notice_unreadable: 'notices that could not be read',
  not_json: 'deliveries that were not JSON',
  not_utf8: 'deliveries that were not UTF-8',
  pages_cut: 'windows cut because their pages do not end',
  too_deep: 'deliveries nested too deep',
  too_large: 'deliveries larger than the door takes',
  unavailable: 'deliveries refused because storage did not answer',
  unclaimed_deleted: 'objects of accounts nobody connected in time, deleted',
  unknown_encoding: 'deliveries in an unknown encoding',
  window_refused: 'windows the provider refused',
};

const wordsOf = (reason: string): string => WORDS[reason] ?? reason.replaceAll('_', ' ');

function remedyOf(reason: string, id: string): string | undefined {
  if (reason.startsWith('key_') || reason === 'handshake_refused') return keyRemedy(findProvider(id), reason);
  switch (reason) {
    case 'days_given_up':
      return 'wellspring status says which days, and how to ask for them once more.';
    case 'callback_lost':
      return `What came by itself before stays; wellspring backfill ${id} --user <name> --from <day> --to <day> asks for days once more where there is a grant, else the files of those days can be imported.`;
    case 'collect_failed':
      return `wellspring collect ${id} asks again and says why.`;
    case 'notice_clipped':
      return `wellspring backfill ${id} --user <name> --from <day> --to <day> asks for older days.`;
    case 'unavailable':
      return 'Look at the free space and the permissions of the data directory.';
    case 'forget_failed':
      return 'wellspring forget --user <name> goes on and says why.';
    case 'export_failed':
      return 'wellspring export --user <name> --out FILE.zip says why.';
    default:
      return undefined;
  }
}

function keyRemedy(provider: Provider | undefined, reason: string): string | undefined {
  if (provider === undefined) return undefined;
  const { id, portal, webhook } = provider;
  if (reason === 'key_expired') return 'See that the clock of this machine is right.';
  if (webhook?.auth === 'signature' && reason !== 'handshake_refused')
    return `If they are the provider's, set the secret that stands at ${portal} with wellspring secret set ${id}.clientSecret.`;
  const entered = webhook?.auth === 'token' ? `wellspring link ${id} --user <name>` : `wellspring urls ${id}`;
  return `If they are the provider's, enter what ${entered} says again: ${portal}`;
}
