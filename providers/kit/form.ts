import { isDate } from './dates.ts';
import type { Part } from './provider.ts';

const DAY_MS = 86_400_000;

/** The fields of a notice that came as a form: it is kept as one JSON string, the text of the form. */
export function formOf(data: unknown): URLSearchParams {
  return new URLSearchParams(typeof data === 'string' ? data : '');
}

/** Which field of a form says what kind of notice it is, and the kinds that are known. */
export interface Kinds {
  readonly field: string;
  readonly isKnown: (kind: string) => boolean;
}

/**
 * A form is one notice, verbatim, of the account `field` names; of nobody when it names none, or several. One of an unknown kind is of
 * a type of its own, such as `appli-99`, so that nobody's reading it is seen.
 */
export function splitForm(text: string, field: string, kinds?: Kinds): readonly Part[] {
  const form = formOf(JSON.parse(text));
  const [id, ...others] = new Set(form.getAll(field));
  const isOne = id !== undefined && others.length === 0 && /^[A-Za-z0-9_-]{1,64}$/.test(id);
  const kind = kinds === undefined ? null : form.get(kinds.field);
  const isStrange = kind !== null && kinds?.isKnown(kind) === false;
  const resource = isStrange ? `${kinds.field}-${kind}` : 'notice';
  return [{ externalId: isOne ? id : undefined, resource, text, notice: true }];
}

/** When the thing of a notice was, by the names of its fields: two epoch seconds, widened by a margin; a civil date; or a second of that day. */
export function whenOf(
  fields: URLSearchParams,
  names: Readonly<Record<'from' | 'to' | 'date', string>>,
  marginMs: number,
): { readonly fromMs?: number; readonly toMs?: number; readonly day?: string } {
  const [fromMs, toMs] = [instantOf(fields.get(names.from)), instantOf(fields.get(names.to))];
  const date = fields.get(names.date);
  if (fromMs !== undefined && toMs !== undefined && fromMs <= toMs) {
    return { fromMs: fromMs - marginMs, toMs: toMs + marginMs };
  }
  if (date !== null && isDate(date)) return { day: date };
  // Whichever local day that second is of, it lies within a day of it.
  const aboutMs = instantOf(date);
  return aboutMs === undefined ? {} : { fromMs: aboutMs - DAY_MS, toMs: aboutMs + DAY_MS };
}

function instantOf(text: string | null): number | undefined {
  return text !== null && /^[0-9]{9,10}$/.test(text) ? Number(text) * 1000 : undefined;
}
