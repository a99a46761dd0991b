import type { Message } from '../../ports/notifier/notifier.ts';
import { localMoment } from '../days.ts';
import { sha256Hex } from '../keys.ts';
import type { User } from '../people.ts';
import { asciiLine, wrap } from '../plain-text.ts';
import type { Runtime } from '../runtime.ts';
import { ALERT_KINDS } from './choice.ts';
import type { Waiting } from './told.ts';

const HEADINGS = {
  goal_met: ['a goal is met', 'Goals met:'],
  anomaly: ['a value unlike your normal', 'Unlike your last 28 days:'],
  silence: ['data stopped coming', 'Nothing comes any more:'],
} as const;

/** One message about all that waits, of a part that the same things make again: sent twice it goes out once. */
export function alertLetter(
  { clock, publicUrl }: Pick<Runtime, 'clock' | 'publicUrl'>,
  user: User,
  waiting: readonly Waiting[],
): Message {
  const kinds = ALERT_KINDS.filter((kind) => waiting.some((one) => one.kind === kind));
  const told = kinds.flatMap((kind) => [
    '',
    HEADINGS[kind][1],
    ...waiting.filter((one) => one.kind === kind).map(({ line }) => `- ${line}`),
  ]);
  const link = `${publicUrl}/`;
  const lines = [
    `${user.name}, this is new.`,
    ...told,
    '',
    `What you are told of between the morning texts is your choice: wellspring user set ${user.user_id} --alerts none ends it.`,
    ...(link.length <= 72 ? ['', link] : []),
  ];
  return {
    userId: user.user_id,
    day: localMoment(clock.now(), user.zone).day,
    kind: 'alert',
    part: sha256Hex(
      waiting
        .map(({ key }) => key)
        .toSorted()
        .join('\n'),
    ).slice(0, 12),
    subject: asciiLine(`Wellspring: ${kinds.map((kind) => HEADINGS[kind][0]).join(', ')}`, 100),
    text: lines
      .flatMap((line) => wrap(line, 72))
      .join('\n')
      .concat('\n'),
  };
}
