import { WellspringError } from '../../app/errors.ts';
import type { Clock } from '../../ports/clock/clock.ts';
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
}

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 200;

/**
 * Sends everything: within a lane one after the other, lanes beside each other. A refusal by the server (5xx) or the line
 * is answered with the same bytes again, as providers do; any other refusal throws `delivery_refused`.
 */
export async function send(parcels: readonly Parcel[], options: SendOptions): Promise<void> {
  const lanes = new Map<string, Parcel[]>();
  for (const parcel of parcels) lanes.set(parcel.lane, [...(lanes.get(parcel.lane) ?? []), parcel]);
  const waiting = [...lanes.values()];
  const worker = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) {
      for (const parcel of lane) await deliver(parcel, options);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.lanes ?? 4, waiting.length) }, worker));
}

async function deliver(parcel: Parcel, options: SendOptions): Promise<void> {
  options.signal?.throwIfAborted();
  if (parcel.kind === 'file') await options.importFile(parcel);
  else await push(parcel, options);
  options.onSent?.();
  // Of two statements received in one millisecond none is the later one: the next in the lane waits for the next.
  const acknowledged = options.clock.now();
  while (options.clock.now() <= acknowledged) await options.clock.sleep(1, options.signal);
}

async function push(parcel: PushParcel, options: SendOptions): Promise<void> {
  const { url, token } = options.door(parcel);
  const request = options.fetch ?? fetch;
  const headers = { ...parcel.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptOnce(() => request(url, { method: 'POST', headers, body: parcel.body }));
    if (outcome.status >= 200 && outcome.status < 300) return;
    const again = outcome.status === 0 || outcome.status >= 500;
    if (!again || attempt === ATTEMPTS) throw refused(parcel, outcome);
    await options.clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), options.signal);
  }
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
