import type { Context } from 'hono';
import type { FaultName } from '../fault.ts';
import { hangUp, type LineEnv } from './hang-up.ts';
import type { Pair, Rotation } from './ledger.ts';
import type { World } from './world.ts';

/** How a provider's token endpoint answers. */
export interface TokenDialect extends Rotation {
  readonly provider: string;
  readonly accessLifeS: number;
  readonly given: (pair: Pair, expiresInS: number) => Response;
  /** An error of RFC 6749 5.2, in the provider's own way. */
  readonly refused: (
    error: 'invalid_client' | 'invalid_grant' | 'invalid_request' | 'unsupported_grant_type',
  ) => Response;
  /** Nothing was issued: ask again. */
  readonly unavailable: () => Response;
}

type Form = Readonly<Record<string, string>>;

/** The form of a request; fields given more than once, and files, are left out. */
export async function formOf(c: Context): Promise<Form> {
  const body = await c.req.parseBody().catch(() => ({}));
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Client id and secret, from HTTP Basic (RFC 6749 2.3.1) or from the form. */
function clientOf(c: Context, form: Form): { readonly id: string; readonly secret: string } {
  const basic = /^Basic (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (basic === undefined) return { id: form['client_id'] ?? '', secret: form['client_secret'] ?? '' };
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
  return { id, secret };
}

/** The token endpoint: codes and refresh tokens against the ledger, and whatever goes wrong today. */
export async function exchange(c: Context<LineEnv>, world: World, dialect: TokenDialect): Promise<Response> {
  const { provider } = dialect;
  const form = await formOf(c);
  const grantType = form['grant_type'] ?? '';
  const logged = (response: Response, fault?: FaultName, status = response.status): Response => {
    world.log.add({ provider, direction: 'in', what: `token ${grantType}`, status, fault });
    return response;
  };
  const client = clientOf(c, form);
  const known = world.options.credentials[provider];
  if (client.id !== known?.clientId || client.secret !== known.clientSecret)
    return logged(dialect.refused('invalid_client'));

  const lifeS = world.options.accessLifeS ?? dialect.accessLifeS;
  if (grantType === 'authorization_code') {
    const { code = '', redirect_uri: redirectUri = '', code_verifier: verifier = '' } = form;
    const pair = world.ledger.redeem({ provider, code, redirectUri, verifier }, lifeS);
    return logged(pair === undefined ? dialect.refused('invalid_grant') : dialect.given(pair, lifeS));
  }
  if (grantType !== 'refresh_token') return logged(dialect.refused('unsupported_grant_type'));
  const { refresh_token: token = '' } = form;
  if (token === '') return logged(dialect.refused('invalid_request'));
  return refresh(c, world, dialect, { token, lifeS, logged });
}

interface Refreshing {
  readonly token: string;
  readonly lifeS: number;
  readonly logged: (response: Response, fault?: FaultName, status?: number) => Response;
}

const FAULTY = [
  'revoked_grant',
  'rate_limited',
  'server_error',
  'refresh_answer_lost',
  'refresh_answer_lost_for_good',
] as const;

async function refresh(
  c: Context<LineEnv>,
  world: World,
  dialect: TokenDialect,
  { token, lifeS, logged }: Refreshing,
): Promise<Response> {
  const { provider, graceS } = dialect;
  const end = world.ledger.begin(provider, token);
  try {
    const { clock, tokenMs = 0 } = world.options;
    if (tokenMs > 0) await clock.sleep(tokenMs, world.stop.signal).catch(() => undefined);
    const lost = graceS > 0 ? 'refresh_answer_lost' : 'refresh_answer_lost_for_good';
    const apt = FAULTY.filter((name) => !name.startsWith('refresh_answer_lost') || name === lost);
    // By account: a refresh token is another one each time.
    const fault = world.trouble.pick(apt, `token ${provider}/${world.ledger.whose(token)?.externalId}`);
    if (fault === 'rate_limited' || fault === 'server_error') return logged(dialect.unavailable(), fault);
    const grant = world.ledger.whose(token);
    if (fault === 'revoked_grant' && grant !== undefined) grant.revoked = true;
    const pair = world.ledger.refresh(provider, token, dialect, lifeS);
    if (pair === undefined) return logged(dialect.refused('invalid_grant'), fault);
    if (fault === lost) return logged(await hangUp(c), fault, 0);
    return logged(dialect.given(pair, lifeS), fault);
  } finally {
    end();
  }
}
