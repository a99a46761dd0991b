import { findProvider } from '../../providers/index.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { endGrant, hasRunOut } from '../connect/end.ts';
import { endsOnlyThis, revoke } from '../connect/revoke.ts';
import { grantsAccess } from '../connect/setup.ts';
import { dropFarewell, externalIdOf, openFarewell, renewFarewell, setAside } from './farewell.ts';
import type { Told } from './receipt.ts';
import type { ForgetRuntime } from './runtime.ts';
import type { About, Tombstone } from './tombstone.ts';

const DAY_MS = 86_400_000;
const GIVE_UP_MS = 30 * DAY_MS;

/** Gives back what one connection holds at its provider; undefined where it holds nothing there. Never throws for what a provider does. */
export async function tell(runtime: ForgetRuntime, one: About['connections'][number]): Promise<Told | undefined> {
  // Whatever goes wrong with one provider is no reason not to tell the others, and not to forget.
  const { outcome } = await endGrant(runtime, one).catch(() => ({ outcome: 'later' as const }));
  const isOpen = outcome === 'later' || outcome === 'nothing';
  const last = isOpen ? await setAside(runtime, one) : outcome;
  return last === 'nothing' || last === 'left'
    ? undefined
    : { provider: one.provider, connection_id: one.connection_id, outcome: last };
}

/** Tries again what could not be told; after thirty days it is given up and its grant destroyed. */
export async function tellLate(runtime: ForgetRuntime, tombstone: Tombstone): Promise<readonly Told[]> {
  const isOver = runtime.clock.now() >= tombstone.started_at + GIVE_UP_MS;
  const all: Told[] = [];
  for (const one of tombstone.providers) {
    if (one.outcome !== 'later') {
      all.push(one);
      continue;
    }
    const said = await tellOnce(runtime, one).catch(() => 'later' as const);
    const outcome = said === 'later' && isOver ? 'given_up' : said;
    if (outcome !== 'later') await dropFarewell(runtime, one.connection_id);
    all.push({ ...one, outcome });
  }
  return all;
}

async function tellOnce(runtime: ForgetRuntime, one: Told): Promise<Told['outcome']> {
  const provider: Provider | undefined = findProvider(one.provider);
  const opened = await openFarewell(runtime, one.connection_id);
  if (opened.kind === 'unreadable') return 'untold';
  if (opened.kind === 'none' || provider === undefined || !grantsAccess(provider)) return 'given_up';
  const { grant } = opened;
  const externalId = externalIdOf(grant.tokens);
  // Somebody has connected the account since: what would end the old grant would end theirs.
  if (!(await endsOnlyThis(runtime, provider, externalId, one.connection_id))) return 'untold';
  const said = await revoke(runtime, provider, { tokens: grant.tokens, externalId });
  if (said !== 'token_refused') return OUTCOMES[said];
  if (!hasRunOut(runtime, grant)) return 'told';
  const renewed = await renewFarewell(runtime, provider, one.connection_id);
  if (renewed.kind === 'over') return 'told';
  if (renewed.kind === 'lost') return 'untold';
  if (renewed.kind === 'later') return 'later';
  const again = await revoke(runtime, provider, { tokens: renewed.tokens, externalId });
  return again === 'token_refused' ? 'told' : OUTCOMES[again];
}

const OUTCOMES = { ended: 'told', not_offered: 'by_hand', not_told: 'later' } as const;
