import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createSystemClock } from '../../ports/clock/system.ts';

const KEPT = 25;
/** What a process that is gone has said arrives behind it; one of its children may go on holding the stream. */
const PATIENCE_MS = 5000;
const clock = createSystemClock();

/** Where in its own code Java was is of no help to whoever reads why. */
const isPlace = (line: string): boolean => /^\s+at [\w.$]+|^\s+\.\.\. \d+ more$/.test(line) || line.trim() === '';

/** Reads a stream to its end and keeps its last lines; `last` waits until there are no more. Each line also goes to `onLine`. */
export function keepTail(stream: Readable, onLine?: (line: string) => void): { last(): Promise<string> } {
  const kept: string[] = [];
  const lines = createInterface({ input: stream });
  lines.on('line', (line) => {
    onLine?.(line);
    if (isPlace(line)) return;
    kept.push(line);
    if (kept.length > KEPT) kept.shift();
  });
  const closed = once(lines, 'close');
  return {
    async last() {
      await Promise.race([closed, clock.sleep(PATIENCE_MS)]);
      return kept.join('\n');
    },
  };
}
