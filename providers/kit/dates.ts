import { Temporal } from 'temporal-polyfill';

/** A closed range of civil dates, `YYYY-MM-DD`. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** Whether a text is a calendar date spelled `YYYY-MM-DD`: `2026-02-30` is not. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).year > 0;
  } catch {
    return false;
  }
}

/** Cuts a range at the ends of its calendar months, in order: whole months except at the two ends. */
export function monthsOf(range: DateRange): readonly DateRange[] {
  const months: DateRange[] = [];
  const end = Temporal.PlainDate.from(range.to);
  let from = Temporal.PlainDate.from(range.from);
  while (Temporal.PlainDate.compare(from, end) <= 0) {
    const last = from.with({ day: from.daysInMonth });
    const to = Temporal.PlainDate.compare(last, end) < 0 ? last : end;
    months.push({ from: from.toString(), to: to.toString() });
    from = to.add({ days: 1 });
  }
  return months;
}
