import { describe, expect, test } from 'vitest';
import type { Message, Notifier } from '../../ports/notifier/notifier.ts';

export const MESSAGE: Message = {
  userId: 'u_abcdefghijkl',
  day: '2026-11-20',
  kind: 'summary',
  subject: 'Friday: 9,120 steps',
  text: 'You walked a little more than usual.\n\nGrüße\n',
};

/** What every driver of the notifier port must do. */
export function notifierContract(
  name: string,
  makeNotifier: () => Notifier | Promise<Notifier>,
  additional?: () => void,
): void {
  describe(`notifier: ${name}`, () => {
    test('a person gets one message a day and kind, whatever the second one says', async () => {
      const notifier = await makeNotifier();
      expect(await notifier.deliver(MESSAGE)).toBe('delivered');
      expect(await notifier.deliver({ ...MESSAGE, text: 'Another text.' })).toBe('already');
    });

    test('another day and another person are messages of their own', async () => {
      const notifier = await makeNotifier();
      await notifier.deliver(MESSAGE);
      expect(await notifier.deliver({ ...MESSAGE, day: '2026-11-21' })).toBe('delivered');
      expect(await notifier.deliver({ ...MESSAGE, userId: 'u_mnopqrstuvwx' })).toBe('delivered');
    });

    test('alerts are told apart from the text of the day by their kind, and from each other by their part', async () => {
      const notifier = await makeNotifier();
      await notifier.deliver(MESSAGE);
      const alert = { ...MESSAGE, kind: 'alert', part: '0f1e2d3c4b5a' } as const;
      expect(await notifier.deliver(alert)).toBe('delivered');
      expect(await notifier.deliver({ ...alert, part: 'another1' })).toBe('delivered');
      expect(await notifier.deliver({ ...alert, text: 'Another text.' })).toBe('already');
    });

    test('of ten deliveries at once one is made', async () => {
      const notifier = await makeNotifier();
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => notifier.deliver(MESSAGE)));
      expect(outcomes.filter((outcome) => outcome === 'delivered')).toHaveLength(1);
    });

    const refused: Readonly<Record<string, Partial<Message>>> = {
      'a subject of 101 characters': { subject: 'x'.repeat(101) },
      'a subject that is not ASCII': { subject: 'Grüße' },
      'a subject of two lines': { subject: 'one\nBcc: two' },
      'an empty subject': { subject: '' },
      'a line of 73 characters': { text: `ok\n${'x'.repeat(73)}` },
      'a day that is none': { day: '../2026' },
      'a user id that is a path': { userId: '../../u' },
      'a part that is a path': { part: '../u' },
    };
    test.each(Object.entries(refused))('%s is refused, and the right message still goes out', async (_, wrong) => {
      const notifier = await makeNotifier();
      await expect(notifier.deliver({ ...MESSAGE, ...wrong })).rejects.toMatchObject({ code: 'invalid_message' });
      expect(await notifier.deliver(MESSAGE)).toBe('delivered');
    });

    test('a subject of 100 and lines of 72 characters are fine', async () => {
      const notifier = await makeNotifier();
      const longest = { ...MESSAGE, subject: 'x'.repeat(100), text: `${'y'.repeat(72)}\n${'z'.repeat(72)}` };
      expect(await notifier.deliver(longest)).toBe('delivered');
    });

    additional?.();
  });
}
