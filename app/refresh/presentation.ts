import { sha256Hex } from '../keys.ts';
import type { Runtime } from '../runtime.ts';
import type { Secret } from '../../providers/kit/secret.ts';

const KIND = 'refresh';

/**
 * What became of the last time a refresh token was presented. The record is also the lock: who writes it over the version that was
 * read before the grant was, and nobody else, presents the token, and has until the deadline to say what came of it.
 */
export interface Presentation {
  /** Names the token without telling it: the record of another token says nothing about this one. */
  readonly token: string;
  /** Not answered yet, as far as anybody knows. */
  readonly presented: { readonly atMs: number; readonly deadlineMs: number } | null;
  /** The first time an answer was lost: from then on the provider may have given a successor that nobody has. */
  readonly unknownSinceMs: number | null;
  /** Answers in a row that gave nothing, and the instant before which it is not tried again. */
  readonly failures: number;
  readonly untilMs: number;
  /** When the access token that came with it was asked for because the one before it was refused. */
  readonly forcedAtMs: number | null;
}

export interface KeptPresentation {
  readonly value: Presentation | undefined;
  readonly version: number;
}

/** The record of a connection; read it before the grant: a later reader of both would not see who was in between. */
export async function readPresentation(
  runtime: Pick<Runtime, 'state'>,
  connectionId: string,
): Promise<KeptPresentation> {
  const record = await runtime.state.get<Presentation>(KIND, connectionId);
  return { value: record?.value, version: record?.version ?? 0 };
}

/** The record as far as it is about this token. */
export function about(token: Secret, { value }: KeptPresentation): Presentation {
  const name = sha256Hex(token.reveal()).slice(0, 16);
  if (value?.token === name) return value;
  return { token: name, presented: null, unknownSinceMs: null, failures: 0, untilMs: 0, forcedAtMs: null };
}

/** Writes the record over the version that was seen; undefined when somebody else has written since. */
export async function writePresentation(
  runtime: Pick<Runtime, 'state'>,
  connectionId: string,
  value: Presentation,
  expect: number,
): Promise<number | undefined> {
  const put = await runtime.state.put(KIND, connectionId, value, { expect });
  return put.ok ? put.version : undefined;
}
