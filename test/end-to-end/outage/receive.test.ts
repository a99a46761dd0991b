import { expect, onTestFinished, test } from 'vitest';
import { webhookUrl } from '../../../app/urls.ts';
import { providers } from '../../../providers/index.ts';
import { OUTAGE_MS } from './outage.ts';
import { NOW_S, openWorld } from './world.ts';

test('without the objects a push is 503 and nothing of it is acknowledged; the same bytes are taken when they are back', async () => {
  const world = await openWorld({ knownUntilS: NOW_S });
  onTestFinished(() => world.end());
  const { runtime, clock, outage, receive } = world;
  const url = webhookUrl(runtime, providers.garmin) ?? '';
  const body = JSON.stringify({ dailies: [{ userId: 'somebody', summaryId: 's-1', steps: 1 }] });
  const push = (): Promise<Response> => receive(new Request(url, { method: 'POST', body }));
  const stored = async (): Promise<number> => {
    let count = 0;
    for await (const { key } of runtime.objects.list('raw/')) if (key.includes('/dailies-')) count += 1;
    return count;
  };
  outage.begin('objects', 0);
  const refused = await push();
  expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'storage_unavailable' }]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  clock.advance(OUTAGE_MS);
  expect(await stored()).toBe(0);
  expect((await push()).status).toBe(200);
  expect(await stored()).toBe(1);
});
