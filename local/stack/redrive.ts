import { WellspringError } from '../../app/errors.ts';
import type { AwsConnection } from '../../ports/aws.ts';
import type { Bus } from '../../ports/bus/bus.ts';
import { createEventBridgeBus } from '../../ports/bus/eventbridge.ts';
import type { Letter, Queue } from '../../ports/queue/queue.ts';
import { createSqsQueue } from '../../ports/queue/sqs.ts';
import { readLetter } from './letters.ts';
import type { StackOutputs } from './outputs.ts';
import { yours } from './yours.ts';

/** What became of the letters of one queue. */
export interface Emptied {
  /** Their events were put on the bus again. */
  readonly again: number;
  /** Nothing had to be done: the next appointment does it. */
  readonly passed: number;
  /** They stay: nobody here knows how to do them again, or the bus refused. */
  readonly left: number;
}

/**
 * Puts the events of dead letters on the bus again, and only then removes the letters: what is cut in the middle is sent twice, which
 * everybody who listens bears. What stays is hidden for a minute, and is looked at again by the next call. `signal` ends it between two letters.
 */
export async function redriveLetters(queue: Queue, bus: Bus, signal?: AbortSignal): Promise<Emptied> {
  const count = { again: 0, passed: 0, left: 0 };
  const seen = new Set<string>();
  for (;;) {
    const letters = (await queue.take()).filter(({ id }) => !seen.has(id));
    if (letters.length === 0) return count;
    for (const letter of letters) {
      if (signal?.aborted === true) return count;
      seen.add(letter.id);
      count[await redriveLetter(queue, bus, letter)] += 1;
    }
  }
}

async function redriveLetter(queue: Queue, bus: Bus, letter: Letter): Promise<keyof Emptied> {
  const meaning = readLetter(letter.body);
  if (meaning.kind === 'left') return 'left';
  if (meaning.kind === 'again') {
    const [sent] = await bus.publish([meaning.event]);
    if (sent?.ok !== true) return 'left';
  }
  await queue.remove(letter);
  return meaning.kind;
}

/** The same for every queue of dead letters of a stack, by its name. Throws `stack_not_up` (exit 2) for one that names none, and what AWS refuses. */
export async function emptyQueues(
  { deadLetterQueues, busName }: StackOutputs,
  connection: AwsConnection,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, Emptied>>> {
  if (deadLetterQueues === undefined) throw older();
  const bus = createEventBridgeBus({ bus: busName, connection });
  const emptied: Record<string, Emptied> = {};
  for (const [name, url] of Object.entries(deadLetterQueues))
    emptied[name] = await redriveLetters(createSqsQueue({ url, connection }), bus, signal).catch(yours);
  return emptied;
}

function older(): WellspringError {
  return new WellspringError({
    code: 'stack_not_up',
    message: 'The stack is of an older version and does not say where its dead letters are.',
    remedy: 'Run pulumi up.',
    exit: 2,
  });
}
