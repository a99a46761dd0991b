import { describe, expect, test } from 'vitest';
import type { Bus, WellspringEvent } from '../../ports/bus/bus.ts';

/** A claim check with its own number, for tests that tell events apart. */
export function stored(number: number): WellspringEvent & { readonly detailType: 'Raw Object Stored' } {
  const detail = {
    schema: 1,
    key: `raw/2026-11-20/garmin/a_x/dailies-${number}.json`,
    provider: 'garmin',
    account: 'a_x',
    type: 'garmin.dailies',
    bytes: number,
    sha256: '0'.repeat(64),
    received_at: '2026-11-20T00:00:00.000Z',
  } as const;
  return { detailType: 'Raw Object Stored', detail };
}

/** What every driver of the bus port must do. */
export function busContract(name: string, makeBus: () => Bus | Promise<Bus>, additional?: () => void): void {
  describe(`bus: ${name}`, () => {
    test('publishing answers once per event', async () => {
      const bus = await makeBus();
      expect(await bus.publish([stored(1), stored(2), stored(3)])).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    });

    test('publishing nothing answers nothing', async () => {
      expect(await (await makeBus()).publish([])).toEqual([]);
    });

    test('more events than any one call of a cloud bus takes are all published', async () => {
      const events = Array.from({ length: 25 }, (_, number) => stored(number));
      expect(await (await makeBus()).publish(events)).toEqual(events.map(() => ({ ok: true })));
    });

    additional?.();
  });
}
