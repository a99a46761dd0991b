import { localMoment } from '../days.ts';
import { readFreshness } from '../freshness.ts';
import { listUsers } from '../people.ts';
import type { Runtime } from '../runtime.ts';
import { sourceName } from '../source-name.ts';
import type { Check, Finding } from './check.ts';
import { names } from './names.ts';

/** Sources that have gone quiet, by person and provider. */
export const freshness: Check<Runtime> = {
  id: 'freshness',
  required: false,
  async run(runtime) {
    const findings: Finding[] = [];
    const nameOf = await names(runtime);
    for (const user of await listUsers(runtime)) {
      const { day } = localMoment(runtime.clock.now(), user.zone);
      for (const source of await readFreshness(runtime, user, day)) {
        const of = `${source.provider}.${user.user_id}`;
        const last = source.lastDay === null ? 'no data yet' : `last data of ${source.lastDay}`;
        const remedy = source.remedy ?? `wellspring collect ${source.provider} asks now, where it can be asked.`;
        const whose = `${sourceName(source.provider)} of ${nameOf(user.user_id).told}`;
        const detail = `${whose}: ${source.late ? 'late, ' : ''}${last}.${source.problem === null ? '' : ` ${source.problem}`}`;
        findings.push(
          source.late || source.problem !== null ? { ok: false, of, detail, remedy } : { ok: true, of, detail },
        );
      }
    }
    return findings;
  },
};
