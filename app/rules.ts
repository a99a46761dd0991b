/** The day rules of the catalogue of metrics, as a person would say them. */
const sentences: Readonly<Record<string, string>> = {
  SUMI: 'sum of intervals; where sources overlap in time, the one of higher priority counts',
  SUM: 'one source for the whole day: its own total, else the sum of its parts',
  TOTAL: "the source's own total, else active and basal of the same source",
  LAST: 'the last value of the day',
  FIRST: 'the first value of the day',
  AVG: "average of the day's samples, else the daily figure of the source",
  MIN: "lowest of the day's samples, else the daily figure of the source",
  MAX: "highest of the day's samples, else the daily figure of the source",
  NIGHT: 'the main sleep that ended on this day, else what the source dated to that night',
};

/** What a day rule does with several values, in words; the rule's own name when the catalogue has a newer one. */
export function ruleSentence(rule: string): string {
  return sentences[rule] ?? rule;
}
