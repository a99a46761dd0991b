import { expect, test } from 'vitest';
import { createFsObjects } from '../../../ports/objects/fs.ts';
import { startChild } from '../../support/child.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const child = new URL('fs.child.ts', import.meta.url);
const content = (key: string): string => `{"number":${/(\d)\.json$/.exec(key)?.[1]}}`.repeat(1000);

test.each(['opened', 'written', 'synced', 'linked', 'directory made', 'directory synced'])(
  'kill -9 right after "%s" loses nothing acknowledged, tears nothing, and the next writer heals',
  async (step) => {
    const root = temporaryDirectory();
    const writer = startChild(child, [root, step]);
    const acknowledged = await writer.rest();
    expect(await writer.ended()).toBe('SIGKILL');
    // The third put is the one that dies, so exactly the first two were acknowledged.
    expect(acknowledged).toHaveLength(2);

    const objects = createFsObjects({ root });
    const present: string[] = [];
    for await (const { key } of objects.list('raw/')) present.push(key);
    expect(present).toEqual(expect.arrayContaining([...acknowledged]));
    for (const key of present) expect(Buffer.from((await objects.get(key)) ?? []).toString()).toBe(content(key));

    const third = 'raw/2026-11-23/garmin/a_x/dailies-3.json';
    const outcome = await objects.putIfAbsent(third, new TextEncoder().encode(content(third)));
    expect(outcome).toBe(present.includes(third) ? 'duplicate' : 'stored');
    expect(Buffer.from((await objects.get(third)) ?? []).toString()).toBe(content(third));
  },
);
