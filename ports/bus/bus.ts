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

/** The row somebody may want to know of: its key columns, never what was measured. */
export type AlertRow =
  | {
      readonly kind: 'goal_met';
      readonly table: 'goals_daily';
      readonly local_date: string;
      readonly goal: string;
      readonly metric: string;
    }
  | { readonly kind: 'anomaly'; readonly table: 'anomalies'; readonly local_date: string; readonly metric: string }
  /** More should have come by now than of `last_day`. */
  | {
      readonly kind: 'silence';
      readonly table: 'freshness';
      readonly provider: string;
      readonly metric: string;
      readonly last_day: string;
    };

/** Something new about a metric of a person. */
export type MetricAlert = { readonly schema: 1; readonly user_id: string } & AlertRow;

/** Something an answer does not wait for, handed to whoever does it; ids only. */
export interface WorkAsked {
  readonly schema: 1;
  readonly work:
    | {
        readonly kind: 'collect';
        readonly provider?: string;
        readonly user_id?: string;
        readonly connection_id?: string;
        readonly metric?: string;
      }
    | { readonly kind: 'export'; readonly user_id: string; readonly export_id: string }
    | { readonly kind: 'forget'; readonly user_id: string };
}

/** The custom events of the bus, by EventBridge `detail-type`. */
export type WellspringEvent =
  | { readonly detailType: 'Raw Object Stored'; readonly detail: RawObjectStored }
  | { readonly detailType: 'Notice Stored'; readonly detail: RawObjectStored }
  /** Nobody listens to it. */
  | { readonly detailType: 'Self Test Stored'; readonly detail: RawObjectStored }
  | { readonly detailType: 'Connection Changed'; readonly detail: ConnectionChanged }
  | { readonly detailType: 'Batch Published'; readonly detail: BatchPublished }
  | { readonly detailType: 'Metric Alert'; readonly detail: MetricAlert }
  | { readonly detailType: 'Work Asked'; readonly detail: WorkAsked };

export type PublishResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Events are hints: a refused one is a value in the answer, in the order of the events, and never an exception. */
export interface Bus {
  publish(events: readonly WellspringEvent[]): Promise<readonly PublishResult[]>;
}
