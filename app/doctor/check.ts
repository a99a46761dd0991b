import type { Clock } from '../../ports/clock/clock.ts';
import { within } from '../deadline.ts';
import { WellspringError } from '../errors.ts';

/** What a check found of one thing. */
export interface Finding {
  readonly ok: boolean;
  /** Which of several, behind the check's id: a provider, a connection, a person. */
  readonly of?: string;
  /** A sentence for people, without secrets and health values. */
  readonly detail: string;
  /** What to do; only where something is to be done. */
  readonly remedy?: string;
}

/** One thing `doctor` looks at. A required one that is not well makes the command fail, another is a warning. */
export interface Check<R> {
  readonly id: string;
  readonly required: boolean;
  /** Nothing where there is nothing to check. */
  readonly run: (subject: R) => Promise<readonly Finding[]>;
}

/** As told (contract 10). */
export interface Checked {
  readonly id: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly required: boolean;
  readonly detail: string;
  readonly remedy: string | null;
}

/** Runs checks one after the other; one that cannot be run is a finding itself. */
export async function examine<R>(checks: readonly Check<R>[], subject: R): Promise<readonly Checked[]> {
  const all: Checked[] = [];
  for (const check of checks) {
    const findings = await check.run(subject).catch((error: unknown) => [findingOf(error)]);
    all.push(...findings.map((finding) => checked(check, finding)));
  }
  return all;
}

/** Runs checks at the same time, told in their order; of one that takes longer than `limitMs` nothing is known, which is a warning. */
export async function examineTogether<R extends { readonly clock: Clock }>(
  checks: readonly Check<R>[],
  subject: R,
  limitMs: number,
): Promise<readonly Checked[]> {
  const all = checks.map(async (check) => {
    const answer = await within(subject.clock, limitMs, examine([check], subject));
    if (answer.ok) return answer.value;
    const detail = `It could not be looked at within ${limitMs / 1000} s.`;
    return [checked({ id: check.id, required: false }, { ok: false, detail, remedy: 'Ask again in a minute.' })];
  });
  return (await Promise.all(all)).flat();
}

/** An error as a finding. Only our own errors are made to be read: others may hold anything. */
export function findingOf(error: unknown): Finding {
  const isOurs = error instanceof WellspringError || (error instanceof Error && error.name === 'PortError');
  if (!isOurs)
    return { ok: false, detail: 'It could not be looked at.', remedy: 'wellspring --debug status may show why.' };
  const remedy = 'remedy' in error && typeof error.remedy === 'string' ? { remedy: error.remedy } : {};
  return { ok: false, detail: error.message, ...remedy };
}

export function checked(
  { id, required }: Pick<Check<never>, 'id' | 'required'>,
  { ok, of, detail, remedy }: Finding,
): Checked {
  const state = ok ? 'ok' : required ? 'fail' : 'warn';
  return { id: of === undefined ? id : `${id}.${of}`, state, required, detail, remedy: remedy ?? null };
}
