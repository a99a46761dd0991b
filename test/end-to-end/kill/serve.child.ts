import * as z from 'zod';
import { backfill } from '../../../app/collect/backfill.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { serve } from '../../../local/server.ts';
import { createShiftedClock } from '../crash/clock.ts';
import { settingsOf } from './settings.ts';

/** Serves a data directory as `wellspring serve` does, with the clock set forward, until its parent kills it. */
const asked = z.object({
  dataDir: z.string(),
  port: z.number(),
  shiftMs: z.number(),
  ownerToken: z.string(),
  baseUrl: z.string(),
  backfill: z.object({ provider: z.string(), userId: z.string(), from: z.string(), to: z.string() }).optional(),
});
const {
  dataDir,
  port,
  shiftMs,
  ownerToken,
  baseUrl,
  backfill: wanted,
} = asked.parse(JSON.parse(process.argv[2] ?? ''));

const settings = settingsOf(baseUrl);
const runtime = await openRuntime({ dataDir, zone: 'UTC', ownerToken, settings, clock: createShiftedClock(shiftMs) });
const onProblem = (doing: string, error: unknown): void => void process.stderr.write(`${doing}: ${String(error)}\n`);
const { url } = await serve(runtime, { port, host: '127.0.0.1', onProblem });
process.stdout.write(`${url}\n`);
if (wanted !== undefined) await backfill(runtime, wanted);
