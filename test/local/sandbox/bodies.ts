import * as z from 'zod';

/** One record or row as a provider writes it. */
export type Item = Readonly<Record<string, unknown>>;

const item = z.record(z.string(), z.unknown());
const watchBody = z.record(z.string(), z.array(item));
const phoneBody = z.object({
  data: z.object({ metrics: z.array(z.object({ name: z.string(), data: z.array(item) })).default([]) }),
});
const levels = z.record(
  z.string(),
  z.array(z.object({ startTimeInSeconds: z.number(), endTimeInSeconds: z.number() })),
);

/** The lists of a push of the watch maker, by summary type. */
export const watchLists = (text: string): Readonly<Record<string, readonly Item[]>> =>
  watchBody.parse(JSON.parse(text));

/** The rows of one metric in a body of the phone's app. */
export const phoneRows = (text: string, name: string): readonly Item[] =>
  phoneBody
    .parse(JSON.parse(text))
    .data.metrics.filter((metric) => metric.name === name)
    .flatMap((metric) => metric.data);

/** The parts of a night in order. */
export const nightParts = (
  night: Item,
): readonly { readonly stage: string; readonly from: number; readonly to: number }[] =>
  Object.entries(levels.parse(night['sleepLevelsMap']))
    .flatMap(([stage, all]) => all.map((part) => ({ stage, from: part.startTimeInSeconds, to: part.endTimeInSeconds })))
    .toSorted((a, b) => a.from - b.from);

/** The offsets of a day's heart rate samples. */
export const beatOffsets = (day: Item): readonly number[] =>
  Object.keys(item.parse(day['timeOffsetHeartRateSamples'])).map(Number);

/** Items in groups of one key, in their order. */
export function grouped(items: readonly Item[], key: (item: Item) => unknown): readonly (readonly Item[])[] {
  const groups = new Map<unknown, Item[]>();
  for (const one of items) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups.values()];
}
