import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openLake } from './support/lake.ts';
import { MODELS } from './support/transform.ts';
import { userFact, connectionFact } from './support/facts.ts';
import { rawObject } from './support/raw.ts';
import { garmin } from '../providers/garmin.ts';
import { apple } from '../providers/apple.ts';
test('scratch', async () => {
  const dir = new URL('./fixtures/', import.meta.url);
  const payloads: any[] = [];
  let t = Date.parse('2026-01-01T00:00:00Z');
  const ids = new Set<string>();
  for (const f of readdirSync(new URL('garmin/', dir)).filter((f) => f.endsWith('.json'))) {
    try {
      for (const part of garmin.webhook.split(readFileSync(new URL(`garmin/${f}`, dir), 'utf8'), undefined)) {
        payloads.push({ provider: 'garmin', externalId: part.externalId, type: part.resource, receivedAt: (t += 1000), data: part.text });
        if (part.externalId) ids.add(part.externalId);
      }
    } catch (e) { console.log(f, String(e).slice(0, 100)); }
  }
  for (const f of readdirSync(new URL('apple/', dir)).filter((f) => f.endsWith('.json'))) {
    try {
      for (const part of apple.webhook.split(readFileSync(new URL(`apple/${f}`, dir), 'utf8'), 'appleone'))
        payloads.push({ provider: 'apple', externalId: part.externalId ?? 'appleone', type: part.resource, receivedAt: (t += 1000), data: part.text });
    } catch (e) { console.log(f, String(e).slice(0, 100)); }
  }
  const [g1, g2] = [...ids];
  const facts = [userFact('u_1'), userFact('u_2', { zone: 'America/New_York' }), connectionFact('u_1', 'garmin', g1!), connectionFact('u_2', 'garmin', g2!), connectionFact('u_1', 'apple', 'appleone')];
  const all = [...facts, ...payloads];
  console.log(all.length, [...ids]);
  const whole = openLake({ models: MODELS });
  await whole.batch(all);
  const expected = await whole.published();
  console.log(Object.fromEntries(Object.entries(expected).map(([k, v]) => [k, v.length])));
  console.log(await whole.query('select rule, type, count(*) as n from quarantine group by all'));
  console.log(await whole.query('select state, count(*) as n from raw_objects group by all'));
  let seed = 7; const rnd = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  for (let k = 0; k < 2; k++) {
    const cut = openLake({ models: MODELS });
    const order = all.map((p) => [rnd(), p] as const).toSorted((a, b) => a[0] - b[0]).map((x) => x[1]);
    for (let i = 0; i < order.length;) { const n = 1 + Math.floor(rnd() * 12); await cut.batch(order.slice(i, i + n)); i += n; expect(await cut.compare()).toEqual([]); }
    expect(await cut.published()).toEqual(expected);
  }
}, 300000);
