import { address } from './doctor/address.ts';
import { type Check, type Checked, examine, examineTogether } from './doctor/check.ts';
import { connections } from './doctor/connections.ts';
import { counted } from './doctor/counted.ts';
import { credentials } from './doctor/credentials.ts';
import { freshness } from './doctor/freshness.ts';
import { mail } from './doctor/mail.ts';
import { reach } from './doctor/reach.ts';
import { round } from './doctor/round.ts';
import { signature } from './doctor/signature.ts';
import { subscriptions } from './doctor/subscriptions.ts';
import { quarantine, unclaimed } from './doctor/tables.ts';
import { vault } from './doctor/vault.ts';
import { batches, notices } from './doctor/waiting.ts';
import type { Runtime } from './runtime.ts';

const CHECKS: readonly Check<Runtime>[] = [
  vault,
  credentials,
  signature,
  address,
  reach,
  subscriptions,
  connections,
  notices,
  batches,
  quarantine,
  unclaimed,
  counted,
  freshness,
  mail,
];

/** Looks at everything that may be wrong with an opened runtime, in the order somebody would; changes nothing. */
export function doctor(runtime: Runtime): Promise<readonly Checked[]> {
  return examine(CHECKS, runtime);
}

/** API Gateway waits 30 s for an answer. */
const ANSWER_MS = 20_000;

/** The same by a server that runs, within the time of an answer: what takes longer is said not to have been looked at. */
export function doctorOfServer(runtime: Runtime): Promise<readonly Checked[]> {
  return examineTogether([...CHECKS, round], runtime, ANSWER_MS);
}
