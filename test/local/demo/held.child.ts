import { createFixedClock } from '../../../ports/clock/fixed.ts';
import { createLibsqlState } from '../../../ports/state/libsql.ts';

// Holds the server's lease of a state file at an instant of its own (Unix ms) until it is killed.
const [file = '', nowMs = '0'] = process.argv.slice(2);
const state = createLibsqlState({ file, clock: createFixedClock(Number(nowMs)) });
await state.acquire('serve', { ttlMs: 30_000 });
process.stdout.write('held\n');
await new Promise((done) => process.stdin.once('end', done).resume());
