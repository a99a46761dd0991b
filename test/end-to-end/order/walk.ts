import { importFiles } from '../../../app/import.ts';
import { rebuild } from '../../../app/rebuild.ts';
import { sweep } from '../../../app/sweep.ts';
import { transform } from '../../../app/transform.ts';
import { createWebhooks } from '../../../app/webhooks.ts';
import type { Chance } from '../../../local/sandbox/chance.ts';
import type { FileParcel, PushParcel } from '../../../local/sandbox/parcel.ts';
import { currentBatch } from '../../../ports/engine/duckdb/manifest.ts';
import { FACTS, type Household } from './household.ts';
import type { Stack } from './stack.ts';
import type { Statement } from './statements.ts';
import type { Way } from './way.ts';

const HOUR_MS = 3_600_000;
/** Time between two facts: long enough for retries on a later UTC date. */
const STAGE_MS = 40 * HOUR_MS;

/** When each step happens: facts at instants of their own, the rest anywhere in between, never two at once. */
function timesOf({ steps }: Way, startMs: number, chance: Chance): number[] {
  const times: number[] = [];
  let stage = 0;
  for (let at = 0; at < steps.length;) {
    const next = steps.findIndex((step, place) => place >= at && step.kind === 'fact');
    const end = next === -1 ? steps.length : next;
    const [from, length] = [startMs + stage * STAGE_MS, end - at];
    const room = Math.floor(STAGE_MS / (length + 1));
    for (let n = 1; n <= length; n += 1) times.push(from + n * room - chance.int(0, room - 2));
    stage += 1;
    if (next !== -1) times.push(startMs + stage * STAGE_MS);
    at = end + 1;
  }
  return times;
}

/** Told what went wrong, in words. */
export type Complain = (problem: string) => void;

/** Walks a way to its end; after each batch the published tables are compared with what raw says from nothing. */
export async function walk(
  stack: Stack,
  household: Household,
  statements: readonly Statement[],
  way: Way,
  chance: Chance,
  complain: Complain,
): Promise<void> {
  const app = createWebhooks(stack);
  const path = `/webhooks/garmin/${stack.keyring.issue('garmin', 'path', 'k1')}`;
  const push = async ({ provider, person, headers, body }: PushParcel): Promise<void> => {
    const [to, token] = provider === 'garmin' ? [path, {}] : ['/webhooks/apple', bearer(household.token(person))];
    const { status } = await app.request(to, { method: 'POST', headers: { ...headers, ...token }, body });
    if (status !== 200) complain(`a push of ${provider} was answered ${status}`);
  };
  const handIn = async ({ provider, person, name, text }: FileParcel): Promise<void> => {
    const user = household.users[person];
    if (user === undefined) throw new RangeError(`There is no person ${person}.`);
    const files = [{ name, bytes: new TextEncoder().encode(text) }];
    const { refused } = await importFiles(stack, { provider, user, files });
    if (refused.length > 0) complain(`${name} was refused: ${refused[0]?.code}`);
  };

  const times = timesOf(way, stack.clock.now(), chance);
  let [facts, batches, news] = [0, 0, 0];
  for (const [at, step] of way.steps.entries()) {
    stack.clock.set(times[at] ?? stack.clock.now());
    if (step.kind !== 'batch') news += 1;
    if (step.kind === 'send') {
      const parcel = statements[step.statement]?.parcel;
      if (parcel === undefined) throw new RangeError(`There is no statement ${step.statement}.`);
      stack.ids.become(`${step.statement} ${step.attempt}`);
      await (parcel.kind === 'file' ? handIn(parcel) : push(parcel));
      stack.ids.become();
    } else if (step.kind === 'fact') {
      const fact = FACTS[facts];
      if (fact !== undefined) await household.comesTrue(fact);
      facts += 1;
    } else {
      batches += 1;
      const before = currentBatch(stack.lake);
      await (step.by === 'sweep' ? sweep(stack) : transform(stack));
      const published = currentBatch(stack.lake) !== before;
      if (published && news === 0) complain(`batch ${batches} published, and nothing had come`);
      // With nothing new and nothing published the comparison before still holds.
      if (published || news > 0) {
        for (const change of await wouldChange(stack)) complain(`after batch ${batches}, a rebuild changes ${change}`);
      }
      news = 0;
    }
  }
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

async function wouldChange(stack: Stack): Promise<string[]> {
  const answer = await rebuild(stack, { dryRun: true });
  return 'changes' in answer ? answer.changes.map((change) => JSON.stringify(change)) : [];
}
