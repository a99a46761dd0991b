import { readDenied } from '../app/denied.ts';
import { createWebhooks } from '../app/webhooks.ts';
import { openDelivery } from './delivery.ts';
import { readEnvironment } from './environment.ts';
import { http } from './http.ts';

const environment = readEnvironment('receive');

/** The strictest provider gives up after two seconds: what storage has not said by then is not waited for, and retried only while it can help. */
const OPEN_MS = 1500;
const connection = { timeoutMs: 1100 };

/** Takes deliveries in: verified and stored, then acknowledged. */
export const handler = http(async () => {
  const runtime = await openDelivery({ name: 'receive', environment, denied: readDenied, connection });
  return { app: createWebhooks(runtime), refresh: runtime.refresh };
}, OPEN_MS);
