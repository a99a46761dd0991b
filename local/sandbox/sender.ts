import { WellspringError } from '../../app/errors.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import { NO_FAULTS, type Faults } from './fault.ts';
import { misbehave } from './misbehave.ts';
import type { FileParcel, Parcel, PushParcel } from './parcel.ts';

/** Where a person's pushes go, and the personal token where the door asks for one. */
export interface Door {
  readonly url: string;
  readonly token?: string;
}

/** A request as it goes out. */
export interface Post {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface SendOptions {
  /** The door of a push; one without a door is a mistake of the caller and throws. */
  readonly door: (parcel: PushParcel) => Door;
  /** Hands a file in, as a person would. */
  readonly importFile: (parcel: FileParcel) => Promise<void>;
  readonly clock: Clock;
  /** Default: the platform's. */
  readonly fetch?: (url: string, request: Post) => Response | Promise<Response>;
  /** Lanes on their way at the same time; 4 when absent. */
  readonly lanes?: number;
  /** Told after each acknowledgement. */
  readonly onSent?: () => void;
  readonly signal?: AbortSignal;
  /** What goes wrong on the way; nothing when absent. */
  readonly faults?: Faults;
}

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 200;
/** How far off a provider's clock is. */
const SKEW_MS = 90_000;

/**
 * Sends everything: within a lane one after the other, lanes beside each other. A refusal by the server (5xx) or the line
 * is answered with the same bytes again, as providers do; any other refusal throws `delivery_refused`.
 */
export async function send(parcels: readonly Parcel[], options: SendOptions): Promise<void> {
  const lanes = new Map<string, Parcel[]>();
  const sent = options.faults === undefined ? parcels : misbehave(parcels, options.faults);
  for (const parcel of sent) lanes.set(parcel.lane, [...(lanes.get(parcel.lane) ?? []), parcel]);
  const waiting = [...lanes.values()];
  const worker = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) {
      for (const [at, parcel] of lane.entries()) await deliver(parcel, `${parcel.lane} ${at}`, options);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.lanes ?? 4, waiting.length) }, worker));
}

async function deliver(parcel: Parcel, name: string, options: SendOptions): Promise<void> {
  options.signal?.throwIfAborted();
  if (parcel.kind === 'file') await options.importFile(parcel);
  else await push(parcel, name, options);
  options.onSent?.();
  // Of two statements received in one millisecond none is the later one: the next in the lane waits for the next.
  const acknowledged = options.clock.now();
  while (options.clock.now() <= acknowledged) await options.clock.sleep(1, options.signal);
}

/** `name` tells the parcel from all others, for what may go wrong with it. */
async function push(parcel: PushParcel, name: string, options: SendOptions): Promise<void> {
  const { faults = NO_FAULTS, clock } = options;
  const door = options.door(parcel);
  const request = options.fetch ?? fetch;
  const skew = faults.hits('clock_skew', name) ? { date: new Date(clock.now() - SKEW_MS).toUTCString() } : {};
  const post = async ({ url, token }: Door, body: string): Promise<Outcome> => {
    const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { ...parcel.headers, ...skew, ...bearer };
    return attemptOnce(() => request(url, { method: 'POST', headers, body }));
  };
  if (faults.hits('wrong_signature', name)) {
    expectRefusal(parcel, await post(withoutProof(door), parcel.body), [401, 404]);
  }
  if (faults.hits('truncated_body', name)) {
    expectRefusal(parcel, await post(door, parcel.body.slice(0, Math.ceil(parcel.body.length / 2))), [400]);
  }
  // Served, and the acknowledgement is lost on the way: the provider believes nothing arrived.
  if (faults.hits('reset_after_served', name)) await post(door, parcel.body);
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await post(door, parcel.body);
    if (outcome.status >= 200 && outcome.status < 300) return;
    const again = outcome.status === 0 || outcome.status >= 500;
    if (!again || attempt === ATTEMPTS) throw refused(parcel, outcome);
    await options.clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), options.signal);
  }
}

/** The same door with a proof that is none: the last character of the token, or of the key in the path, is another one. */
function withoutProof({ url, token }: Door): Door {
  return token === undefined ? { url: otherEnd(url) } : { url, token: otherEnd(token) };
}

const otherEnd = (text: string): string => `${text.slice(0, -1)}${text.endsWith('x') ? 'y' : 'x'}`;

/** What must be turned away and was not is a mistake of the door, which must not pass for a recovered fault. */
function expectRefusal(parcel: PushParcel, outcome: Outcome, refusals: readonly number[]): void {
  if (outcome.status === 0 || outcome.status >= 500 || refusals.includes(outcome.status)) return;
  throw new WellspringError({
    code: 'delivery_believed',
    message: `A delivery of ${parcel.provider} that was spoiled on purpose was answered ${outcome.status}.`,
    remedy: 'The server on this directory takes what it must refuse: do not use it.',
    exit: 1,
  });
}

/** Status 0: the line broke before an answer came. */
interface Outcome {
  readonly status: number;
  readonly cause?: unknown;
}

async function attemptOnce(request: () => Response | Promise<Response>): Promise<Outcome> {
  try {
    const response = await request();
    // The connection is free again only when the answer was read.
    await response.arrayBuffer();
    return { status: response.status };
  } catch (cause) {
    return { status: 0, cause };
  }
}

function refused(parcel: PushParcel, outcome: Outcome): WellspringError {
  const why = outcome.status === 0 ? 'no answer came' : `it was answered ${outcome.status}`;
  return new WellspringError({
    code: 'delivery_refused',
    message: `A delivery of ${parcel.provider} was not accepted: ${why}.`,
    remedy: 'Run it again; if it stays so, the server on this directory is not well.',
    exit: 4,
    cause: outcome.cause,
  });
}
