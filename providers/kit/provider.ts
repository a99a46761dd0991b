import type { Collect, Limit } from './collect.ts';
import type { OAuth } from './oauth/oauth.ts';
import type { Secret } from './secret.ts';
import type { Signature } from './signature.ts';
import type { Subscribe } from './subscribe.ts';

/** What verification sees: the received bytes and headers, never the HTTP framework. */
export interface Delivery {
  readonly body: Uint8Array;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The segment behind `/webhooks/<provider>/`, undefined when there is none. */
  readonly key: string | undefined;
}

export type Verification =
  /** `keyid` names the secret path key or personal token that was used; `externalId` the account it stands for, where it does. */
  | { readonly ok: true; readonly keyid: string; readonly externalId?: string }
  /** `expired`: signed too long ago or ahead of us; `unconfigured`: we hold no secret to check with. */
  | {
      readonly ok: false;
      readonly reason: 'missing' | 'malformed' | 'mismatch' | 'revoked' | 'expired' | 'unconfigured';
    };

/** What a key is for: the secret segment of an address, a personal token, our word in a subscription's handshake. */
export type KeyPurpose = 'path' | 'token' | 'verification';

/** Checks self-contained keys; made from the stack's ingest secret, so that nothing is looked up. */
export interface Keyring {
  check(provider: string, purpose: KeyPurpose, key: string): Verification;
  /** `<key id>.<proof>`, made with the newest secret. */
  issue(provider: string, purpose: KeyPurpose, keyid: string): string;
  /** What deliveries of our own making are signed with, one of each ingest secret, newest first. */
  signing(provider: string): readonly Secret[];
}

/** One part of a delivery: all that one account sent of one type, in the provider's own text. */
export interface Part {
  /** The provider's own account id; undefined when the element names nobody. */
  readonly externalId: string | undefined;
  /** The provider's word for the type: `dailies`, `ping`, `metrics`. */
  readonly resource: string;
  /** UTF-8 JSON text, cut from the received text by position. */
  readonly text: string;
  /** A part that says there is something to fetch, or a control message, without the data itself. */
  readonly notice: boolean;
}

/** A file handed to `import`: its name and bytes, and what the person said about it. */
export interface ImportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly type?: string;
  readonly units?: 'metric' | 'imperial';
}

/** Records of an import: one raw object, with the dates its statement covers (`YYYY-MM-DD`, inclusive). */
export interface ImportPart extends Part {
  readonly coversFrom?: string;
  readonly coversTo?: string;
}

export type ImportResult =
  /** `span`: the dates the file is about, stated or held, where it is about whole dates; the later end is the newer file. */
  | {
      readonly ok: true;
      readonly parts: readonly ImportPart[];
      readonly span?: { readonly from: string; readonly to: string };
    }
  | { readonly ok: false; readonly code: string; readonly detail: string; readonly remedy: string };

/** The answer to an address check: 200 with `json` (or without a body), or 401. */
export type Handshake =
  | { readonly ok: true; readonly json?: Readonly<Record<string, string>> }
  | { readonly ok: false };

/** One company whose doors we use: data first, a hook only where it deviates. Its id is route, file, fixture and SQL folder. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  /** Where the provider documents its door. */
  readonly docs: string;
  /** The page on which the webhook address is entered, or the setting in words. */
  readonly portal: string;
  readonly webhook?: {
    /** Largest body in bytes, inflated. */
    readonly limit: number;
    /** What a person can change so that bodies become smaller. */
    readonly limitHint?: string;
    /** `path`: a secret segment in the address; `token`: a bearer token of one person; `signature`: the delivery is signed. */
    readonly auth: 'path' | 'token' | 'signature';
    /** How it is signed, where `auth` says so. */
    readonly signature?: Signature;
    /** Ours alone: signed with a secret of this installation, kept below a prefix nothing reads, told by an event nobody listens to. */
    readonly own?: { readonly prefix: 'selftest'; readonly event: 'Self Test Stored' };
    /** The provider counts an answer that took longer as none; undefined where no document says when. */
    readonly answerWithinMs?: number;
    /** `form`: the body is `application/x-www-form-urlencoded` and kept as one JSON string; an empty one is an address check. JSON when absent. */
    readonly format?: 'json' | 'form';
    /** Answers GET and HEAD on the address: for a `path` door only behind a right key, for a signed one on its own proof. */
    readonly handshake?: (query: Readonly<Record<string, string>>, isOurs: (token: string) => boolean) => Handshake;
    /** What must hold beside the key; undefined when nothing more can be checked. */
    readonly verify?: (delivery: Delivery, settings: ProviderSettings) => boolean;
    /** Cuts a parsed, verified delivery into parts; `externalId` is the account the key stands for, where it does. */
    readonly split: (text: string, externalId: string | undefined) => readonly Part[];
    /** Request headers kept in the envelope, lower case: never credentials. */
    readonly keep?: Readonly<Record<string, string>>;
  };
  /** Reads an export file or a saved answer; undefined when the provider has no import. */
  readonly import?: (file: ImportFile) => Promise<ImportResult>;
  /** How a person grants access; undefined where there is nothing to grant. */
  readonly oauth?: OAuth;
  /** What can be fetched; undefined for doors that bring everything themselves. */
  readonly collect?: Collect;
  /** How notices are asked for; undefined where it is done in the portal. */
  readonly subscribe?: Subscribe;
  /** Named views of its own published rows: `GET /<provider>/<view>`; each value lists metrics, says `all` it has, or names a mart. */
  readonly views?: Readonly<
    Record<string, { readonly metrics: readonly string[] | 'all' } | { readonly mart: 'meals' }>
  >;
  readonly policy: Policy;
}

/** What the owner configured for a provider. */
export interface ProviderSettings {
  readonly clientId?: string | undefined;
  /** Newest first: while a secret is replaced both are right. Empty: none is set. */
  readonly clientSecrets?: readonly Secret[] | undefined;
  /** One is kept and cannot be opened: it has to be set again. */
  readonly isSecretUnreadable?: boolean | undefined;
  /** In the place of the origin of all its addresses: tests and the sandbox. */
  readonly baseUrl?: string | undefined;
  /** In the place of the documented limits: a quota the provider gave this installation. */
  readonly limits?: readonly Limit[] | undefined;
}

/** What a provider's terms demand. */
export interface Policy {
  readonly retentionDays?: number;
  readonly mixing: boolean;
  readonly ai: boolean;
  readonly attribution?: string;
  readonly mustDeregister: boolean;
}

/** Checks a provider's shape at compile time and keeps its literal types. */
export function defineProvider<const P extends Provider>(provider: P): P {
  return provider;
}
