import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Grant, Ledger } from '../ledger.ts';
import type { TokenDialect } from '../token.ts';
import type { World } from '../world.ts';
import { failed, ok } from './answer.ts';

type Form = Readonly<Record<string, string>>;

const HOUR_S = 3600;
const NONCE_LIFE_MS = 30 * 60_000;
/** A timestamp this far off is refused. */
const CLOCKS_MS = 10 * 60_000;

/** The answer of `requesttoken`. */
export const tokens: TokenDialect = {
  provider: 'withings',
  accessLifeS: 3 * HOUR_S,
  // The old one dies 8 hours later, or as soon as the new access token is used.
  graceS: 8 * HOUR_S,
  reuseRevokes: false,
  given: ({ grant, access, refresh }, expires_in) =>
    ok({
      // A number in some answers and a text in others.
      userid:
        /^\d{1,15}$/.test(grant.externalId) && grant.scopes.length % 2 === 0
          ? Number(grant.externalId)
          : grant.externalId,
      access_token: access,
      refresh_token: refresh,
      expires_in,
      scope: grant.scopes.join(','),
      csrf_token: 'not-used',
      token_type: 'Bearer',
    }),
  refused: (error) =>
    error === 'invalid_client'
      ? failed(503, 'Invalid Params: invalid client_id or client_secret')
      : failed(
          503,
          error === 'invalid_grant' ? 'Invalid Params: invalid code or refresh_token' : 'Invalid Params: action',
        ),
  unavailable: () => failed(601),
};

/** Signed calls: nonces and revocation. */
export interface Signed {
  nonce(form: Form): Response;
  revoke(form: Form, onRevoked: (grant: Grant) => void): Response;
}

export function createSigned(world: World, ledger: Ledger): Signed {
  const { credentials, clock, chance } = world.options;
  const draws = chance.fork('withings nonces');
  const nonces = new Map<string, number>();
  const client = credentials['withings'];

  /** HMAC-SHA256 over the values in the alphabetical order of their keys. */
  function isSigned(form: Form, names: readonly string[]): boolean {
    if (client === undefined || form['client_id'] !== client.clientId) return false;
    const text = names
      .toSorted()
      .map((name) => form[name] ?? '')
      .join(',');
    const right = Buffer.from(createHmac('sha256', client.clientSecret).update(text).digest('hex'));
    const given = Buffer.from(form['signature'] ?? '');
    return right.length === given.length && timingSafeEqual(right, given);
  }

  return {
    nonce(form) {
      const off = Math.abs(Number(form['timestamp']) * 1000 - clock.now());
      if (form['action'] !== 'getnonce') return failed(501);
      if (!(off <= CLOCKS_MS) || !isSigned(form, ['action', 'client_id', 'timestamp'])) return failed(342);
      const nonce = draws.hex(32);
      nonces.set(nonce, clock.now() + NONCE_LIFE_MS);
      return ok({ nonce });
    },
    revoke(form, onRevoked) {
      const endsAtMs = nonces.get(form['nonce'] ?? '') ?? 0;
      nonces.delete(form['nonce'] ?? '');
      if (clock.now() >= endsAtMs || !isSigned(form, ['action', 'client_id', 'nonce'])) return failed(342);
      for (const grant of ledger.grants('withings')) {
        if (grant.externalId !== form['userid']) continue;
        grant.revoked = true;
        onRevoked(grant);
      }
      return ok({});
    },
  };
}
