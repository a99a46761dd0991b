import { createHash } from 'node:crypto';
import type { Clock } from '../../../ports/clock/clock.ts';
import type { Chance } from '../chance.ts';

/** What a person allowed, until somebody takes it back. */
export interface Grant {
  readonly provider: string;
  readonly externalId: string;
  readonly grantedAtMs: number;
  scopes: readonly string[];
  revoked: boolean;
}

/** A consent on its way to the token endpoint. */
export interface Offer {
  readonly provider: string;
  readonly externalId: string;
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  /** S256; undefined where the provider knows no PKCE. */
  readonly challenge: string | undefined;
}

export interface Pair {
  readonly grant: Grant;
  readonly access: string;
  readonly refresh: string;
}

/** How a provider treats a refresh token that was presented. */
export interface Rotation {
  /** Seconds the old one lives on after its successor was given, or until that one's access token is used; 0: it ends at once. */
  readonly graceS: number;
  /** Presenting a spent one ends the whole grant. */
  readonly reuseRevokes: boolean;
}

/** A refresh token presented: `rotated` for the first time, `again` within the grace, `reuse` spent, `unknown` never issued. */
export interface Presentation {
  readonly atMs: number;
  readonly provider: string;
  readonly externalId: string;
  readonly outcome: 'rotated' | 'again' | 'reuse' | 'unknown';
  /** Another one of the same grant had no answer yet. */
  readonly concurrent: boolean;
}

interface RefreshToken {
  readonly grant: Grant;
  readonly predecessor: RefreshToken | undefined;
  /** Unix ms after which it is refused; undefined while it is the current one. */
  endsAtMs?: number;
  successor?: Pair;
}

interface AccessToken {
  readonly grant: Grant;
  readonly expiresAtMs: number;
  readonly predecessor: RefreshToken | undefined;
}

/** Every code and token the simulated providers gave out, and what was done with it. */
export interface Ledger {
  /** A code that works once, for `lifeS`. */
  offer(offer: Offer, lifeS: number): string;
  redeem(
    asked: {
      readonly provider: string;
      readonly code: string;
      readonly redirectUri: string;
      readonly verifier: string;
    },
    accessLifeS: number,
  ): Pair | undefined;
  /** Answers a new pair, or undefined for a token that is worth nothing. Call `begin` first and its answer at the end. */
  refresh(provider: string, token: string, rotation: Rotation, accessLifeS: number): Pair | undefined;
  begin(provider: string, token: string): () => void;
  /** The grant of a refresh token, whatever it is still worth. */
  whose(token: string): Grant | undefined;
  /** Whose token it is, undefined for one that is worth nothing; using it ends its refresh token's predecessor. */
  bearer(provider: string, token: string): Grant | undefined;
  /** All access tokens of a grant are worth nothing from now on; its refresh token is. */
  loseAccess(grant: Grant): void;
  /** Those that were not revoked. */
  grants(provider: string): readonly Grant[];
  presentations(): readonly Presentation[];
  /** Spent refresh tokens that were presented. */
  reuses(): number;
  /** Presentations while another one of the same grant had no answer yet. */
  overlaps(): number;
}

/** The S256 challenge of a verifier (RFC 7636). */
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

export function createLedger(chance: Chance, clock: Clock): Ledger {
  const codes = new Map<string, Offer & { readonly endsAtMs: number }>();
  const refreshes = new Map<string, RefreshToken>();
  const accesses = new Map<string, AccessToken>();
  const grants: Grant[] = [];
  const presentations: Presentation[] = [];
  const open = new Map<Grant, number>();
  const count = (choose: (one: Presentation) => boolean): number => presentations.filter(choose).length;

  function issue(grant: Grant, lifeS: number, predecessor?: RefreshToken): Pair {
    const pair = { grant, access: `at-${chance.hex(40)}`, refresh: `rt-${chance.hex(40)}` };
    accesses.set(pair.access, { grant, expiresAtMs: clock.now() + lifeS * 1000, predecessor });
    refreshes.set(pair.refresh, { grant, predecessor });
    return pair;
  }

  function present(provider: string, held: RefreshToken | undefined, outcome: Presentation['outcome']): void {
    const concurrent = held !== undefined && (open.get(held.grant) ?? 0) > 1;
    const externalId = held?.grant.externalId ?? '';
    presentations.push({ atMs: clock.now(), provider, externalId, outcome, concurrent });
  }

  return {
    offer(offer, lifeS) {
      const code = chance.hex(32);
      codes.set(code, { ...offer, endsAtMs: clock.now() + lifeS * 1000 });
      return code;
    },
    redeem({ provider, code, redirectUri, verifier }, accessLifeS) {
      const offer = codes.get(code);
      if (offer === undefined || offer.provider !== provider) return undefined;
      codes.delete(code);
      if (clock.now() >= offer.endsAtMs || offer.redirectUri !== redirectUri) return undefined;
      if (offer.challenge !== undefined && challengeOf(verifier) !== offer.challenge) return undefined;
      const { externalId, scopes } = offer;
      const grant: Grant = { provider, externalId, scopes, grantedAtMs: clock.now(), revoked: false };
      grants.push(grant);
      return issue(grant, accessLifeS);
    },
    refresh(provider, token, rotation, accessLifeS) {
      const held = refreshes.get(token);
      if (held === undefined || held.grant.provider !== provider) {
        present(provider, undefined, 'unknown');
        return undefined;
      }
      const { endsAtMs, grant } = held;
      if (endsAtMs !== undefined && clock.now() >= endsAtMs) {
        present(provider, held, 'reuse');
        if (rotation.reuseRevokes) grant.revoked = true;
        return undefined;
      }
      present(provider, held, endsAtMs === undefined ? 'rotated' : 'again');
      if (grant.revoked) return undefined;
      // Whoever presents it has it: the one before is needed no more.
      if (held.predecessor !== undefined) held.predecessor.endsAtMs = clock.now();
      // Presented again: what was given for it before is taken back, so that there is one line of succession.
      if (held.successor !== undefined) {
        refreshes.delete(held.successor.refresh);
        accesses.delete(held.successor.access);
      }
      held.endsAtMs ??= clock.now() + rotation.graceS * 1000;
      held.successor = issue(grant, accessLifeS, held);
      return held.successor;
    },
    begin(provider, token) {
      const grant = refreshes.get(token)?.grant;
      if (grant === undefined || grant.provider !== provider) return () => undefined;
      open.set(grant, (open.get(grant) ?? 0) + 1);
      return () => void open.set(grant, (open.get(grant) ?? 1) - 1);
    },
    whose: (token) => refreshes.get(token)?.grant,
    bearer(provider, token) {
      const held = accesses.get(token);
      if (held === undefined || held.grant.provider !== provider || held.grant.revoked) return undefined;
      if (clock.now() >= held.expiresAtMs) return undefined;
      if (held.predecessor !== undefined) held.predecessor.endsAtMs = clock.now();
      return held.grant;
    },
    loseAccess(grant) {
      for (const [token, held] of accesses) if (held.grant === grant) accesses.delete(token);
    },
    grants: (provider) => grants.filter((grant) => grant.provider === provider && !grant.revoked),
    presentations: () => presentations,
    reuses: () => count(({ outcome }) => outcome === 'reuse'),
    overlaps: () => count(({ concurrent }) => concurrent),
  };
}
