import { createSystemClock } from '../../../ports/clock/system.ts';
import { send, type Post } from '../../../local/sandbox/sender.ts';
import type { Household } from './household.ts';

/** Copies of every push that are on their way at the same time. */
const COPIES = 2;

/** Objects that each acknowledged answer to a push says it wrote, by push; undefined where the answer ended behind its head. */
export type Acknowledged = ReadonlyMap<string, readonly (number | undefined)[]>;

/**
 * Pushes everything at a server, the lanes beside each other and every push twice at once; what is refused is repeated, as providers do,
 * until `signal` says that nobody is left. A push counts as acknowledged as soon as the head of a 2xx has come.
 */
export async function load(url: string, { pushes, door }: Household, signal: AbortSignal): Promise<Acknowledged> {
  const acknowledged = new Map<string, (number | undefined)[]>();

  const push = async (path: string, request: Post): Promise<Response> => {
    const response = await fetch(`${url}${path}`, request);
    if (response.ok) {
      const key = `${path} ${request.headers['authorization'] ?? ''} ${request.body}`;
      const answers = acknowledged.get(key) ?? [];
      acknowledged.set(key, answers);
      answers.push(await response.json().then(storedOf, () => undefined));
    }
    return new Response(null, { status: response.status });
  };

  const pushCopies = async (path: string, request: Post): Promise<Response> => {
    const copies = await Promise.allSettled(Array.from({ length: COPIES }, () => push(path, request)));
    const answers = copies.flatMap((copy) => (copy.status === 'fulfilled' ? [copy.value] : []));
    const answer = answers.find(({ ok }) => ok) ?? answers[0];
    if (answer === undefined) throw new TypeError('No answer came.');
    return answer;
  };

  await send(pushes, {
    clock: createSystemClock(),
    door,
    lanes: pushes.length,
    signal,
    importFile: () => Promise.reject(new TypeError('Files are not pushed.')),
    fetch: pushCopies,
  }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return acknowledged;
}

function storedOf(answer: unknown): number | undefined {
  return typeof answer === 'object' && answer !== null && 'stored' in answer ? Number(answer.stored) : undefined;
}
