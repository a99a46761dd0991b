import { createInterface } from 'node:readline';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { createLibsqlState } from '../../../ports/state/libsql.ts';

/** Does one line's worth of work per line of input, so that a test can steer several real processes on one file. */
const [file = ''] = process.argv.slice(2);
const state = createLibsqlState({ file, clock: createSystemClock() });
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

say('open');
for await (const line of createInterface({ input: process.stdin })) {
  const [command = '', argument = ''] = line.split(' ');
  if (command === 'acquire') {
    const result = await state.acquire('batch', { ttlMs: Number(argument) });
    say(result.ok ? { ok: true, fence: result.lease.fence } : result);
  }
  if (command === 'count') {
    const numbers: number[] = [];
    for (let turn = 0; turn < Number(argument); turn += 1) numbers.push(await state.next('fact'));
    say(numbers);
  }
  // Adds to one record by compare-and-swap, again whenever another process was quicker.
  if (command === 'add') {
    for (let added = 0; added < Number(argument);) {
      const seen = await state.get<number>('sum', 'x');
      const result = await state.put('sum', 'x', (seen?.value ?? 0) + 1, { expect: seen?.version ?? 0 });
      added += result.ok ? 1 : 0;
    }
    say('added');
  }
  // Dies inside the transaction that holds the write lock.
  if (command === 'die') {
    const result = await state.acquire('fatal', { ttlMs: 3_600_000 });
    if (result.ok) await state.whileHeld(result.lease, () => void process.kill(process.pid, 'SIGKILL'));
  }
}
