import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createOutbox } from '../../ports/notifier/outbox.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { systemError, watchedFiles } from '../support/files.ts';
import { MESSAGE, notifierContract } from './notifier.ts';

const NAME = '2026-11-20-u_abcdefghijkl-summary.txt';

notifierContract(
  'outbox',
  () => createOutbox({ directory: join(temporaryDirectory(), 'outbox') }),
  () => {
    test('a message is a file with its subject, a blank line and its text', async () => {
      const directory = temporaryDirectory();
      await createOutbox({ directory }).deliver(MESSAGE);
      const text = readFileSync(join(directory, NAME), 'utf8');
      expect(text).toBe('Subject: Friday: 9,120 steps\n\nYou walked a little more than usual.\n\nGrüße\n');
      expect(readdirSync(join(directory, '.tmp'))).toEqual([]);
    });

    test('a new start knows what was delivered', async () => {
      const directory = temporaryDirectory();
      await createOutbox({ directory }).deliver(MESSAGE);
      expect(await createOutbox({ directory }).deliver(MESSAGE)).toBe('already');
    });

    test('a full disk is an error with a code, and the message can be delivered later', async () => {
      const directory = temporaryDirectory();
      let full = true;
      const before = (step: string): void => {
        if (full && step === 'written') throw systemError('ENOSPC');
      };
      const outbox = createOutbox({ directory, files: watchedFiles({ before }) });
      await expect(outbox.deliver(MESSAGE)).rejects.toMatchObject({ code: 'storage_full' });
      full = false;
      expect(await outbox.deliver(MESSAGE)).toBe('delivered');
    });

    test('messages of one person are destroyed, everybody else keeps theirs, and other files stay', async () => {
      const directory = temporaryDirectory();
      const outbox = createOutbox({ directory });
      await outbox.deliver(MESSAGE);
      await outbox.deliver({ ...MESSAGE, day: '2026-11-21' });
      await outbox.deliver({ ...MESSAGE, userId: 'u_mnopqrstuvwx' });
      expect(await outbox.remove(MESSAGE.userId)).toBe(2);
      expect(await outbox.remove(MESSAGE.userId)).toBe(0);
      expect((await outbox.list()).map(({ userId }) => userId)).toEqual(['u_mnopqrstuvwx']);
    });

    test('the mailbox shows what was delivered as it was, newest day first, for everybody or for one person', async () => {
      const directory = temporaryDirectory();
      const outbox = createOutbox({ directory });
      expect(await createOutbox({ directory: join(directory, 'none') }).list()).toEqual([]);
      const later = { ...MESSAGE, day: '2026-11-21' };
      const other = { ...MESSAGE, userId: 'u_mnopqrstuvwx' };
      for (const message of [other, MESSAGE, later]) await outbox.deliver(message);
      writeFileSync(join(directory, 'notes.txt'), 'a file of the person, not a letter');
      expect(await outbox.list()).toEqual([later, MESSAGE, other]);
      expect(await outbox.list('u_mnopqrstuvwx')).toEqual([other]);
    });
  },
);
