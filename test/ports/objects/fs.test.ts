import { readdirSync, utimesSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFsObjects } from '../../../ports/objects/fs.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { createGate } from '../../support/gate.ts';
import { systemError, watchedFiles, type Step } from '../../support/files.ts';

const KEY = 'raw/2026-11-20/garmin/a_x/dailies-1.json';
const bytes = new TextEncoder().encode('{"dailies":[]}');

/** The steps as `step path`, with the root cut off and temporary names made equal. */
function recorder(root: string): { steps: string[]; files: ReturnType<typeof watchedFiles> } {
  const steps: string[] = [];
  const after = (step: Step, path: string): void => {
    steps.push(`${step} ${path.replace(root, '').replace(/\.tmp\/[\w-]+/, '.tmp/t') || '/'}`);
  };
  return { steps, files: watchedFiles({ after }) };
}

describe('the order of a durable write', () => {
  test('bytes are synced before they get their name, and the name before the put returns', async () => {
    const root = temporaryDirectory();
    const { steps, files } = recorder(root);
    const objects = createFsObjects({ root, files });
    await objects.putIfAbsent('raw/first', bytes);
    steps.length = 0;
    await objects.putIfAbsent('raw/k', bytes);
    expect(steps).toEqual([
      'opened /.tmp/t',
      'written /.tmp/t',
      'synced /.tmp/t',
      'linked /raw/k',
      'directory synced /raw',
    ]);
  });

  test('every new folder is made durable in its parent before the object is named', async () => {
    const root = temporaryDirectory();
    const { steps, files } = recorder(root);
    await createFsObjects({ root, files }).putIfAbsent('raw/d/p/k', bytes);
    const linked = steps.indexOf('linked /raw/d/p/k');
    for (const [made, parent] of [
      ['/raw', '/'],
      ['/raw/d', '/raw'],
      ['/raw/d/p', '/raw/d'],
    ]) {
      const at = steps.indexOf(`directory made ${made}`);
      const synced = steps.indexOf(`directory synced ${parent}`, at);
      expect(at).toBeGreaterThanOrEqual(0);
      expect(synced).toBeGreaterThan(at);
      expect(synced).toBeLessThan(linked);
    }
  });

  test('a folder another process made is synced too, for its maker may have died before it did', async () => {
    const root = temporaryDirectory();
    await createFsObjects({ root }).putIfAbsent('raw/d/k1', bytes);
    const { steps, files } = recorder(root);
    await createFsObjects({ root, files }).putIfAbsent('raw/d/k2', bytes);
    expect(steps.filter((step) => step.startsWith('directory made'))).toEqual([]);
    expect(steps).toContain(`directory synced ${dirname(root)}`);
    expect(steps).toEqual(
      expect.arrayContaining(['directory synced /', 'directory synced /raw', 'directory synced /raw/d']),
    );
  });
});

test('a delete is durable before it returns', async () => {
  const root = temporaryDirectory();
  const { steps, files } = recorder(root);
  const objects = createFsObjects({ root, files });
  await objects.putIfAbsent(KEY, bytes);
  steps.length = 0;
  await objects.delete(KEY);
  expect(steps).toEqual(['directory synced /raw/2026-11-20/garmin/a_x']);
});

describe('a duplicate', () => {
  test('is acknowledged only after its folder was synced, since its writer may not have come to that', async () => {
    const root = temporaryDirectory();
    await createFsObjects({ root }).putIfAbsent(KEY, bytes);
    const { steps, files } = recorder(root);
    const objects = createFsObjects({ root, files });
    const outcome = await objects.putIfAbsent(KEY, bytes);
    expect([outcome, steps.at(-1)]).toEqual(['duplicate', 'directory synced /raw/2026-11-20/garmin/a_x']);
  });

  test('waits for the folder: while the sync has not ended there is no answer', async () => {
    const root = temporaryDirectory();
    await createFsObjects({ root }).putIfAbsent('raw/k', bytes);
    const reached = createGate();
    const disk = createGate();
    const before = async (step: Step, path: string): Promise<void> => {
      if (step !== 'directory synced' || path !== join(root, 'raw')) return;
      reached.open();
      await disk.passed;
    };
    let answer: string | undefined;
    const put = createFsObjects({ root, files: watchedFiles({ before }) })
      .putIfAbsent('raw/k', bytes)
      .then((outcome) => (answer = outcome));
    await reached.passed;
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer).toBeUndefined();
    disk.open();
    expect(await put).toBe('duplicate');
  });

  test('is not acknowledged when the sync of its folder fails, and is when it works again', async () => {
    const root = temporaryDirectory();
    await createFsObjects({ root }).putIfAbsent('raw/k', bytes);
    let broken = true;
    const before = (step: Step, path: string): void => {
      if (broken && step === 'directory synced' && path === join(root, 'raw')) throw systemError('EIO');
    };
    const objects = createFsObjects({ root, files: watchedFiles({ before }) });
    await expect(objects.putIfAbsent('raw/k', bytes)).rejects.toMatchObject({ code: 'storage_failed' });
    broken = false;
    expect(await objects.putIfAbsent('raw/k', bytes)).toBe('duplicate');
  });

  test('that was linked between the look and the link also waits for the folder', async () => {
    const root = temporaryDirectory();
    const other = createFsObjects({ root });
    const synced: string[] = [];
    const files = watchedFiles({
      before: async (step) => void (step === 'linked' && (await other.putIfAbsent('raw/k', bytes))),
      after: (step, path) => void (step === 'directory synced' && synced.push(path)),
    });
    expect(await createFsObjects({ root, files }).putIfAbsent('raw/k', bytes)).toBe('duplicate');
    expect(synced.at(-1)).toBe(join(root, 'raw'));
  });

  test('of an object that was deleted before the answer is stored after all', async () => {
    const root = temporaryDirectory();
    const other = createFsObjects({ root });
    let turn = 0;
    const files = watchedFiles({
      // Another writer is quicker, and its object is deleted while we sync the folder.
      before: async (step) =>
        void (step === 'linked' && (turn += 1) === 1 && (await other.putIfAbsent('raw/k', bytes))),
      after: async (step) => void (step === 'directory synced' && turn === 1 && (await other.delete('raw/k'))),
    });
    expect(await createFsObjects({ root, files }).putIfAbsent('raw/k', bytes)).toBe('stored');
    expect(await other.get('raw/k')).toEqual(Buffer.from(bytes));
  });
});

function refuseSync(step: Step): void {
  if (step === 'synced') throw systemError('EIO');
}

describe('a disk that refuses', () => {
  const steps: Step[] = ['opened', 'written', 'synced', 'linked', 'directory made', 'directory synced'];
  test.each(steps)('is never a false acknowledgement, and the next put works: %s', async (broken) => {
    const root = temporaryDirectory();
    let full = true;
    const before = (step: Step): void => {
      if (full && step === broken) throw systemError('ENOSPC');
    };
    const objects = createFsObjects({ root, files: watchedFiles({ before }) });
    await expect(objects.putIfAbsent(KEY, bytes)).rejects.toMatchObject({
      code: 'storage_full',
      remedy: expect.any(String),
    });
    full = false;
    await objects.putIfAbsent(KEY, bytes);
    expect(await objects.get(KEY)).toEqual(Buffer.from(bytes));
    expect(readdirSync(join(root, '.tmp'))).toEqual([]);
  });

  test('a sync that fails leaves neither the object nor a temporary file', async () => {
    const root = temporaryDirectory();
    const objects = createFsObjects({ root, files: watchedFiles({ before: refuseSync }) });
    await expect(objects.putIfAbsent(KEY, bytes)).rejects.toMatchObject({ code: 'storage_failed' });
    expect(await objects.get(KEY)).toBeUndefined();
    expect(readdirSync(join(root, '.tmp'))).toEqual([]);
  });
});

test('temporary files of killed writers are removed at start when they are older than an hour', async () => {
  const root = temporaryDirectory();
  mkdirSync(join(root, '.tmp'));
  const now = Date.now() / 1000;
  for (const [name, age] of [
    ['old', 3700],
    ['young', 3500],
  ] as const) {
    writeFileSync(join(root, '.tmp', name), 'x');
    utimesSync(join(root, '.tmp', name), now - age, now - age);
  }
  await createFsObjects({ root }).putIfAbsent('raw/k', bytes);
  expect(readdirSync(join(root, '.tmp'))).toEqual(['young']);
});

test('a listing does not read folders that lie before the place it goes on from', async () => {
  const root = temporaryDirectory();
  const objects = createFsObjects({ root });
  for (const day of ['2026-11-18', '2026-11-19', '2026-11-20']) await objects.putIfAbsent(`raw/${day}/g/k`, bytes);
  const read: string[] = [];
  const files = watchedFiles({
    after: (step, path) => void (step === 'names read' && read.push(path.replace(root, ''))),
  });
  const listed = createFsObjects({ root, files }).list('raw/', { after: 'raw/2026-11-19/g/k' });
  for await (const { key } of listed) expect(key).toBe('raw/2026-11-20/g/k');
  expect(read).toEqual(['/raw/', '/raw/2026-11-19/', '/raw/2026-11-19/g/', '/raw/2026-11-20/', '/raw/2026-11-20/g/']);
});
