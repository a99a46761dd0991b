import type { Function } from './function.ts';
import type { Functions } from './functions.ts';

export interface Appointment {
  /** Of EventBridge Scheduler: `cron(0 7 * * ? *)`, `rate(15 minutes)`. */
  readonly when: string;
  /** IANA; daylight saving is followed. */
  readonly zone: string;
  readonly call: Function;
}

/**
 * What happens when. People live in zones that are known only while the stack runs, so morning texts have no schedule a zone: every quarter
 * of an hour (zones are whole quarters from UTC) the function sends to whoever is due. Each takes its own minute.
 */
export function appointmentsOf(functions: Functions, zone: string): Readonly<Record<string, Appointment>> {
  return {
    'daily-collect': { when: 'cron(0 6 * * ? *)', zone, call: functions.collect },
    'morning-texts': { when: 'cron(0/15 * * * ? *)', zone, call: functions.summarize },
    sweeps: { when: 'cron(5/15 * * * ? *)', zone, call: functions.sweep },
    // Half past each hour: files in the inbox that no notification told of.
    'inbox-looks': { when: 'cron(30 * * * ? *)', zone, call: functions.import },
    forgets: { when: 'cron(10/15 * * * ? *)', zone, call: functions.forget },
  };
}
