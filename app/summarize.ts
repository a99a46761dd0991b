import type { Message } from '../ports/notifier/notifier.ts';
import { type Card, isTotal } from './card.ts';
import { addDays, localMoment } from './days.ts';
import { longDay, say, shortDay } from './format.ts';
import { goalsText } from './goals/mail.ts';
import { metricOf } from './metrics.ts';
import { type Morning, morningAfter, NO_MORNING } from './morning.ts';
import { asciiLine, wrap } from './plain-text.ts';
import type { Units, User } from './people.ts';
import type { Runtime } from './runtime.ts';
import { phrase } from './phrases.ts';
import { freshnessLine, isOnTime } from './sentences.ts';
import { sourceName } from './source-name.ts';
import { readToday, type Today, type TodayRuntime } from './today.ts';

/** Writes the morning text about one local day of a person, by default their yesterday. */
export async function summarize(
  runtime: TodayRuntime & Pick<Runtime, 'publicUrl' | 'mailDetail'>,
  options: { readonly user: User; readonly day?: string | undefined },
): Promise<Message> {
  const { user } = options;
  const day = options.day ?? addDays(localMoment(runtime.clock.now(), user.zone).day, -1);
  const today = await readToday(runtime, user, day);
  const isFull = (runtime.mailDetail ?? 'full') === 'full';
  const told = isFull ? today : totalsOf(today);
  const morning = isFull ? await morningAfter(runtime, user, day) : NO_MORNING;
  // Whether something came is said of everything: a day is not empty because it is not told.
  const isNew = hasValues(today);
  const body = today.groups.length > 0 && isNew ? news(told, morning) : nothingNew(today);
  const link = `${runtime.publicUrl}/`;
  return {
    userId: user.user_id,
    day,
    kind: 'summary',
    subject: asciiLine(subjectOf(told, isNew), 100),
    text: [
      `Good morning, ${user.name}.`,
      '',
      ...body,
      ...(await goalsText(runtime, user, day)),
      ...(isFull || !isNew ? [] : ['', 'This mail tells totals of the day alone; your pages tell the rest.']),
      ...sources(today.freshness),
      // An address longer than a line would be broken by the mail.
      ...(link.length <= 72 ? ['', 'The whole picture, and where each number comes from:', link] : []),
    ]
      .flatMap((line) => wrap(line, 72))
      .join('\n')
      .concat('\n'),
  };
}

/** What is late or wrong, a line each, worst first; what is on time in one. */
function sources(freshness: Today['freshness']): readonly string[] {
  if (freshness.length === 0) return [];
  const told = freshness.filter((one) => !isOnTime(one)).toSorted((a, b) => Number(b.late) - Number(a.late));
  const names = freshness.filter(isOnTime).map(({ provider }) => sourceName(provider));
  return ['', ...told.map(freshnessLine), ...(names.length > 0 ? [`On time: ${names.join(', ')}.`] : [])];
}

/**
 * A day as mail in other people's hands may tell it: amounts of the whole day, such as steps and energy. Nothing measured at a moment (heart, weight,
 * glucose) and nothing of the night leaves the pages.
 */
function totalsOf(today: Today): Today {
  const groups = today.groups.map(({ group, cards }) => ({ group, cards: totals(cards) }));
  return {
    ...today,
    groups: groups.filter(({ cards }) => cards.length > 0),
    others: totals(today.others),
    anomalies: today.anomalies.filter(({ metric }) => isTotal(metricOf(metric))),
    changed: totals(today.changed),
    readiness: undefined,
  };
}

const totals = (cards: readonly Card[]): readonly Card[] => cards.filter(({ metric }) => isTotal(metric));

function hasValues(today: Today): boolean {
  return today.groups.some(({ cards }) => cards.some((card) => card.value !== null)) || today.others.length > 0;
}

function unitsOf(user: User): Units {
  return user.units ?? 'metric';
}

function subjectOf(today: Today, isNew: boolean): string {
  const units = unitsOf(today.user);
  const cards = new Map(today.groups.flatMap(({ cards: some }) => some).map((card) => [card.metric.metric, card]));
  const parts = (['steps', 'sleep_total_s'] as const).flatMap((metric) => {
    const card = cards.get(metric);
    if (card === undefined || card.value === null) return [];
    const value = say(card.value, card.metric, units);
    return [metric === 'steps' ? `${value} steps` : `slept ${value}`];
  });
  const what = parts.length > 0 ? parts.join(', ') : isNew ? 'your day' : 'nothing new came';
  return `Wellspring: ${shortDay(today.day)} - ${what}`;
}

function news(today: Today, { night, readiness }: Morning): readonly string[] {
  const units = unitsOf(today.user);
  const shown = today.groups.flatMap(({ cards }) => cards).filter((card) => card.value !== null);
  // Where every number is open, one sentence says so; a mark on each would be noise.
  const allOpen = shown.length > 0 && shown.every((card) => card.soFar);
  const line = (card: Card) => `- ${phrase(card, units, !allOpen)}`;
  const lines = [`${longDay(today.day)} (${today.user.zone})${allOpen ? ', so far' : ''}`];
  const open = new Set(shown.filter((card) => card.soFar && !allOpen).map((card) => card.metric.metric));
  const unlike = [
    ...today.anomalies.map(({ metric, sentence }) => `- ${open.has(metric) ? soFar(sentence) : sentence}`),
    ...today.changed.map(line),
  ];
  if (unlike.length > 0) lines.push('', 'Unlike your last 28 days:', ...unlike);
  const said = new Set([
    ...today.anomalies.map(({ metric }) => metric),
    ...today.changed.map((card) => card.metric.metric),
  ]);
  for (const { group, cards } of today.groups) {
    const rest = cards.filter((card) => card.value !== null && !said.has(card.metric.metric));
    if (rest.length > 0) lines.push('', `${group}:`, ...rest.map(line));
  }
  if (night !== undefined) lines.push('', `The night to ${shortDay(night.day)}:`, `- ${phrase(night, units, true)}`);
  if (readiness !== undefined) lines.push('', readiness);
  if (shown.some((card) => card.soFar))
    lines.push('', '"So far": the day is not final yet, late data may still change it.');
  return lines;
}

function nothingNew(today: Today): readonly string[] {
  const since =
    today.latest === null ? 'No data have come yet.' : `The last day with data is ${longDay(today.latest)}.`;
  return [`Nothing new came for ${longDay(today.day)} (${today.user.zone}).`, since];
}

const soFar = (sentence: string): string => sentence.replace(/\.$/, ', so far.');
