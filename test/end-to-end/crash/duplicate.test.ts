import { expect, test } from 'vitest';
import { createFsObjects } from '../../../ports/objects/fs.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { openDoor } from '../../support/door.ts';
import { systemError, watchedFiles, type Step } from '../../support/files.ts';
import { fixture } from '../../support/fixture.ts';
import { createGate, type Gate } from '../../support/gate.ts';

const PUSH = fixture('garmin/spec-push-stressDetails.json');
const isAccount = (path: string): boolean => /\/a_[a-z2-7]+$/.test(path);

/** The doors over a disk on which every sync of an account's folder waits for its turn; `syncs` are those that have begun. */
function openSlowDoor() {
  const syncs: Gate[] = [];
  const before = async (step: Step, path: string): Promise<void> => {
    if (step !== 'directory synced' || !isAccount(path)) return;
    const gate = createGate();
    syncs.push(gate);
    await gate.passed;
  };
  const objects = createFsObjects({ root: temporaryDirectory(), files: watchedFiles({ before }) });
  return { ...openDoor({ objects }), syncs };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('of two identical deliveries at once each is acknowledged only when the folder was synced for it', async () => {
  const { garmin, syncs } = openSlowDoor();
  const answered: string[] = [];
  const first = garmin(PUSH).finally(() => answered.push('first'));
  await expect.poll(() => syncs.length).toBe(1);
  const second = garmin(PUSH).finally(() => answered.push('second'));
  await expect.poll(() => syncs.length).toBe(2);
  await turns();
  expect(answered).toEqual([]);

  syncs[0]?.open();
  expect(await (await first).json()).toEqual({ stored: 1, duplicates: 0 });
  await turns();
  expect(answered).toEqual(['first']);

  syncs[1]?.open();
  expect(await (await second).json()).toEqual({ stored: 0, duplicates: 1 });
});

test('a duplicate whose folder cannot be synced is not acknowledged, though the object is there', async () => {
  let broken = false;
  const before = (step: Step, path: string): void => {
    if (broken && step === 'directory synced' && isAccount(path)) throw systemError('EIO');
  };
  const door = openDoor({ objects: createFsObjects({ root: temporaryDirectory(), files: watchedFiles({ before }) }) });
  expect((await door.garmin(PUSH)).status).toBe(200);
  broken = true;
  expect((await door.garmin(PUSH)).status).toBe(503);
  expect(door.events).toHaveLength(1);
  broken = false;
  expect(await (await door.garmin(PUSH)).json()).toEqual({ stored: 0, duplicates: 1 });
});
