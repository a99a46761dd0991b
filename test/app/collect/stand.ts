import { setImmediate } from 'node:timers/promises';
import nock from 'nock';
import { onTestFinished } from 'vitest';
import { collectNotices } from '../../../app/collect/notices.ts';
import { exclusively } from '../../../app/exclusive.ts';
import { saveGrant } from '../../../app/grant.ts';
import { addUser } from '../../../app/people.ts';
import { storeRaw } from '../../../app/store.ts';
import { everyRecord, tie } from '../../../app/tie.ts';
import { createCounters } from '../../../app/counters.ts';
import type { Clock } from '../../../ports/clock/clock.ts';
import type { TokenOutcome } from '../../../providers/kit/oauth/oauth.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { openDesk } from '../../support/desk.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly bearer: string | undefined;
}

type Reply = readonly [status: number, body?: nock.Body, headers?: Record<string, string>];
export type Answer = (asked: Asked, before: readonly Asked[]) => Reply;

/** Everything a host is asked, and what `answer` says to it; `broken` ends the line without an answer. */
export function answering(host: string, answer: Answer): Asked[] {
  const log: Asked[] = [];
  for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
    nock(`https://${host}`)
      .persist()
      .intercept(/.*/, method)
      .reply(function reply(path, body) {
        const header = this.req.headers['authorization'];
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        const asked = { method, path, body: text, bearer: header };
        const said = answer(asked, [...log]);
        log.push(asked);
        return [said[0], said[1] ?? '', said[2] ?? {}];
      });
  }
  return log;
}

/** A desk whose waits pass at once (and move the clock), where nobody is reached but by nock. */
export function openStand() {
  // A stand of the same test that went before is asked no more.
  nock.cleanAll();
  nock.disableNetConnect();
  onTestFinished(() => {
    nock.cleanAll();
    nock.enableNetConnect();
  });
  const desk = openDesk();
  const counters = createCounters();
  let outcome: TokenOutcome = { ok: false, kind: 'refused', error: 'invalid_grant' };
  const refreshes: string[] = [];
  const clock: Clock = {
    now: () => desk.clock.now(),
    async sleep(ms, signal) {
      // A wait that is only a time-out is called off before it passes.
      await setImmediate();
      if (signal?.aborted === true) throw Object.assign(new Error('aborted'), { name: 'AbortError' });
      desk.clock.advance(ms);
    },
  };
  const runtime = {
    ...desk.runtime,
    clock,
    counters,
    isForgotten: () => false,
    settings: () => ({}),
    oauthClient: async () => ({
      authorizeUrl: async () => '',
      exchange: async () => outcome,
      refresh: async () => (refreshes.push('refresh'), outcome),
    }),
  };

  const connect = async (
    provider: string,
    options: {
      readonly externalId?: string;
      readonly kind?: 'oauth' | 'link';
      readonly scopes?: readonly string[];
      readonly name?: string;
    } = {},
  ) => {
    const { externalId = 'x-1', kind = 'oauth', scopes = ['body', 'sleep'], name = 'Ann' } = options;
    const user = await addUser(runtime, { name, zone: 'Europe/Paris' });
    const wanted = { provider, external_id: externalId, user_id: user.user_id, kind, scopes };
    const connection = await exclusively(runtime, async () => tie(runtime, await everyRecord(runtime.state), wanted));
    if (kind === 'oauth') await grant(connection.connection_id, 'access-1', 0);
    return connection;
  };
  const grant = (id: string, access: string, expect: number) =>
    saveGrant(runtime.vault, id, tokensOf(runtime.clock.now(), access), { expect });

  /** Stores a notice as `receive` does. */
  const notice = async (provider: string, account: string, data: unknown, resource = 'notice'): Promise<string> => {
    const [stored] = await storeRaw(
      runtime,
      [
        {
          provider,
          account,
          resource,
          deliveryId: runtime.ids.id('d', 20),
          part: 1,
          receivedAt: runtime.clock.now(),
          receiver: 'push',
          notice: true,
          data: JSON.stringify(data),
        },
      ],
      { events: 'each' },
    );
    return stored?.key ?? '';
  };
  const fetched = async () => (await desk.raw()).filter(({ attributes }) => attributes['receiver'] === 'fetch');

  return {
    ...desk,
    runtime,
    counters,
    refreshes,
    connect,
    notice,
    fetched,
    /** What the token endpoint says from now on. */
    refreshGives: (next: TokenOutcome) => (outcome = next),
    /** A sweep's look at the notices. */
    look: () => collectNotices(runtime),
    state: async (id: string) => (await everyRecord(runtime.state)).find((one) => one.connection_id === id)?.state,
  };
}

export function tokensOf(nowMs: number, access: string) {
  return {
    access: new Secret(access),
    refresh: new Secret('refresh-1'),
    expiresAt: nowMs + 400 * 86_400_000,
    scopes: null,
    fields: {},
  };
}
