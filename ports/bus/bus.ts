/** A claim check: where the bytes are, never what they say (contract: events). */
export interface RawObjectStored {
  readonly schema: 1;
  readonly key: string;
  readonly provider: string;
  readonly account: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly received_at: string;
}

export interface BatchPublished {
  readonly schema: 1;
  readonly batch_id: string;
  readonly users: readonly string[];
  readonly days: number;
}

/** What became of a tie of a person to an account. */
export interface ConnectionChanged {
  readonly schema: 1;
  readonly connection_id: string;
  readonly provider: string;
  readonly account: string;
  readonly user_id: string;
  readonly change: 'connected' | 'scopes_changed' | 'needs_reconnect' | 'revoked' | 'deregistered';
}

/** The custom events of the bus, by EventBridge `detail-type`. */
export type WellspringEvent =
  | { readonly detailType: 'Raw Object Stored'; readonly detail: RawObjectStored }
  | { readonly detailType: 'Notice Stored'; readonly detail: RawObjectStored }
  | { readonly detailType: 'Connection Changed'; readonly detail: ConnectionChanged }
  | { readonly detailType: 'Batch Published'; readonly detail: BatchPublished };

export type PublishResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Events are hints: a refused one is a value in the answer, in the order of the events, and never an exception. */
export interface Bus {
  publish(events: readonly WellspringEvent[]): Promise<readonly PublishResult[]>;
}
