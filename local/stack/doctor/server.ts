import * as z from 'zod';
import { type Checked, checked, findingOf } from '../../../app/doctor/check.ts';
import { DENIED_REMEDY } from '../../../ports/aws.ts';
import type { Clock } from '../../../ports/clock/clock.ts';
import { ask } from '../../cli/remote.ts';
import type { Server } from '../server.ts';
import { examineStack } from './aws.ts';
import { deliveriesAnswer, measureDeliveries } from './latency.ts';

const checksAnswer = z.object({
  checks: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['ok', 'warn', 'fail']),
      required: z.boolean(),
      detail: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
});

/** Looks at a running server from outside and through what it says of itself, and at its stack where it is one. */
export async function examineServer(server: Server, clock: Pick<Clock, 'now'>): Promise<readonly Checked[]> {
  const said = await examineItself(server);
  const deliveries = await examineDoors(server, clock);
  if (server.stack === undefined) return [...said, ...deliveries];
  const stack = await examineStack({ outputs: server.stack, connection: server.connection ?? {} });
  return [...said, ...deliveries, rights([...said, ...deliveries]), ...stack];
}

async function examineItself(server: Server): Promise<readonly Checked[]> {
  const answers = { id: 'server', required: true };
  try {
    const { checks } = await ask(server, '/api/v1/doctor', checksAnswer);
    return [checked(answers, { ok: true, detail: `The server answers at ${server.url}.` }), ...checks];
  } catch (error) {
    return [checked(answers, findingOf(error))];
  }
}

async function examineDoors(server: Server, clock: Pick<Clock, 'now'>): Promise<readonly Checked[]> {
  try {
    const { deliveries } = await ask(server, '/api/v1/doctor/selftest', deliveriesAnswer, { method: 'POST' });
    return await measureDeliveries(deliveries, clock);
  } catch (error) {
    const finding = findingOf(error);
    const detail = `How fast deliveries are acknowledged was not measured: ${finding.detail}`;
    return [checked({ id: 'deliveries', required: false }, { ...finding, detail })];
  }
}

/** No right can be tried without doing what it allows: this is what the looks above have shown. */
function rights(looks: readonly Checked[]): Checked {
  const refused = looks.filter(({ remedy }) => remedy === DENIED_REMEDY).map(({ id }) => id);
  const check = { id: 'rights', required: true };
  if (refused.length > 0) {
    const detail = `AWS refused ${refused.length} of the looks above: ${refused.join(', ')}.`;
    return checked(check, { ok: false, detail, remedy: DENIED_REMEDY });
  }
  const detail =
    'AWS refused none of the looks above, made by the functions receive and web. The others tell of a right that lacks by dead letters and storage_denied in their logs.';
  return checked(check, { ok: true, detail });
}
