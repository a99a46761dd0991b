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
  | { readonly ok: false; readonly reason: 'missing' | 'malformed' | 'mismatch' | 'revoked' };

/** Checks self-contained keys; made from the stack's ingest secret, so that nothing is looked up. */
export interface Keyring {
  check(provider: string, purpose: 'path' | 'token', key: string): Verification;
  /** `<key id>.<proof>`, made with the newest secret. */
  issue(provider: string, purpose: 'path' | 'token', keyid: string): string;
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
    /** `path`: a secret segment in the address; `token`: a bearer token of one person. */
    readonly auth: 'path' | 'token';
    /** What must hold beside the key; undefined when nothing more can be checked. */
    readonly verify?: (delivery: Delivery, settings: ProviderSettings) => boolean;
    /** Cuts a parsed, verified delivery into parts; `externalId` is the account the key stands for, where it does. */
    readonly split: (text: string, externalId: string | undefined) => readonly Part[];
    /** Request headers kept in the envelope, lower case: never credentials. */
    readonly keep?: Readonly<Record<string, string>>;
  };
  /** Reads an export file or a saved answer; undefined when the provider has no import. */
  readonly import?: (file: ImportFile) => Promise<ImportResult>;
  /** Named views of its own published rows: `GET /<provider>/<view>`; each value lists metrics, or names a mart. */
  readonly views?: Readonly<Record<string, { readonly metrics: readonly string[] } | { readonly mart: 'meals' }>>;
  readonly policy: Policy;
}

/** What the owner configured for a provider; `clientId` is checked against Garmin's header when both are there. */
export interface ProviderSettings {
  readonly clientId?: string;
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
