import { expect, test } from 'vitest';
import { resumeForgetting } from '../../../app/forget.ts';
import { begin } from '../../../app/forget/begin.ts';
import type { Premises } from '../../../ports/premises/premises.ts';
import { listTombstones } from '../../../app/forget/tombstone.ts';
import { addUser } from '../../../app/people.ts';
import { createPremises } from '../../../local/premises.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { untilNoon } from '../crash/clock.ts';
import { at } from './home.ts';

const NOWHERE = 'http://127.0.0.1:9';

test('somebody whose forgetting cannot be finished now keeps nobody else from being forgotten, and is not passed over', async () => {
  await at(temporaryDirectory(), untilNoon(), NOWHERE, async (runtime) => {
    const premises = createPremises(runtime.dataDir);
    for (const name of ['Ann', 'Ben', 'Cleo']) {
      const { user_id } = await addUser(runtime, { name, zone: 'UTC', units: 'metric' });
      await begin(runtime, user_id, null);
    }
    const phases = async () => (await listTombstones(runtime.state)).map(({ phase }) => phase);
    // The first in the order they are taken.
    const [first] = await listTombstones(runtime.state);
    const stuck: Premises = {
      ...premises,
      clear: (folders, words) =>
        folders.userId === first?.user_id
          ? Promise.reject(new Error('a folder that cannot be emptied'))
          : premises.clear(folders, words),
    };
    await expect(resumeForgetting(runtime, stuck)).rejects.toThrow('a folder that cannot be emptied');
    expect(await phases()).toEqual(['purging', 'done', 'done']);
    await resumeForgetting(runtime, premises);
    expect(await phases()).toEqual(['done', 'done', 'done']);
  });
});
