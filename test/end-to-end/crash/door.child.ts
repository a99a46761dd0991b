import { subscribe } from 'node:diagnostics_channel';
import { ServerResponse } from 'node:http';
import { openRuntime } from '../../../local/runtime.ts';
import { serve } from '../../../local/server.ts';
import { watchedFiles } from '../../support/files.ts';
import { createShiftedClock } from './clock.ts';

/**
 * Serves a data directory as `serve` does and prints its address; kills itself with SIGKILL right after the named step
 * has happened for the n-th time, while a batch runs beside the deliveries. Without a step it lives, and leaves the batch to others.
 */
const [dataDir = '', shiftMs = '0', fatal = '', occurrence = '1'] = process.argv.slice(2);
let happened = 0;

function reached(step: string): void {
  if (step !== fatal) return;
  happened += 1;
  if (happened === Number(occurrence)) process.kill(process.pid, 'SIGKILL');
}

const clock = createShiftedClock(Number(shiftMs));
const size = fatal === '' ? 1_000_000 : 30;
const files = watchedFiles({ after: reached });
const runtime = await openRuntime({ dataDir, clock, files, zone: 'UTC', batch: { size, windowSeconds: 900 } });

const bus: typeof runtime.bus = {
  ...runtime.bus,
  async publish(events) {
    const results = await runtime.bus.publish(events);
    reached('event published');
    return results;
  },
};

subscribe('http.server.request.start', (message) => {
  if (typeof message !== 'object' || message === null || !('response' in message)) return;
  const { response } = message;
  if (!(response instanceof ServerResponse)) return;
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (status: number, ...rest: never[]) => {
    writeHead(status, ...rest);
    // The head of an acknowledgement goes out on its own, so that the caller sees it whatever becomes of the rest.
    response.flushHeaders();
    if (status === 200) reached('reply begun');
    return response;
  };
});

const { url } = await serve({ ...runtime, bus }, { port: 0, host: '127.0.0.1' });
process.stdout.write(`${url}\n`);
// Whoever started it may have been killed as well.
process.stdin.resume().once('end', () => process.exit());
