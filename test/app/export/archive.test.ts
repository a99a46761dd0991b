import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { createArchive } from '../../../app/export/archive.ts';
import type { Sink } from '../../../ports/exports/exports.ts';

const NOW = Date.UTC(2026, 2, 4);
const TOO_LARGE = { code: 'export_too_large', exit: 4 };

/** What an archive was written of. */
function openSink() {
  const blocks: Uint8Array[] = [];
  const sink: Sink = async (bytes) => void blocks.push(bytes);
  return { sink, bytes: () => new Uint8Array(Buffer.concat(blocks)) };
}

const zeros = (blocks: number): Uint8Array[] => Array.from({ length: blocks }, () => new Uint8Array(1000));
const tiny = (n: number): [string, Uint8Array[]] => [`raw/${n}`, [Buffer.from(String(n))]];

test('of 70,000 files the 65,001st is refused, before the 16 bits of the format overflow', async () => {
  const archive = createArchive(openSink().sink, NOW);
  let added = 0;
  const all = async (): Promise<void> => {
    for (let n = 0; n < 70_000; n += 1) {
      await archive.add(...tiny(n));
      added += 1;
    }
  };
  await expect(all()).rejects.toMatchObject(TOO_LARGE);
  expect(added).toBe(65_000);
}, 120_000);

test('as many files as may be come out again, each with what is in it', async () => {
  const { sink, bytes } = openSink();
  const archive = createArchive(sink, NOW, { entries: 300, bytes: 1_000_000 });
  for (let n = 0; n < 300; n += 1) await archive.add(...tiny(n));
  await archive.end();
  const files = unzipSync(bytes());
  expect(Object.keys(files)).toHaveLength(300);
  expect(Buffer.from(files['raw/299'] ?? []).toString()).toBe('299');
});

test('a file that is larger than its 32 bits can tell is refused, however little of it is left when it is packed', async () => {
  const most = { entries: 3, bytes: 10_000 };
  await expect(createArchive(openSink().sink, NOW, most).add('zeros', zeros(11))).rejects.toMatchObject(TOO_LARGE);
  const { sink, bytes } = openSink();
  const archive = createArchive(sink, NOW, most);
  await archive.add('zeros', zeros(10));
  await archive.end();
  expect(unzipSync(bytes())['zeros']).toHaveLength(10_000);
  // Packed they are a few dozen bytes: what is written does not tell.
  expect(bytes().length).toBeLessThan(1000);
});
