/** One version of one record that a provider holds of an account, and from when on its API tells it. */
export interface HeldRecord {
  /** The provider's word for it: `getmeas`, `daily_activity`. */
  readonly type: string;
  /**
   * The record's identity within its type: a later entry with the same type and id replaces this one once it is known.
   * Of a series that the API writes as an object it is the key.
   */
  readonly id: string;
  /** The instant from which the API answers this version, Unix seconds. */
  readonly knownAtS: number;
  /** What the record covers: from here, */
  readonly fromS: number;
  /** to here, Unix seconds; both the same for an instant. */
  readonly toS: number;
  /** The local day the provider files it under, `YYYY-MM-DD`. */
  readonly day: string;
  /** The record as the API writes it. */
  readonly record: Readonly<Record<string, unknown>>;
  /** The instant from which the record is gone, Unix seconds. */
  readonly deletedAtS?: number;
}

/** Everything one provider comes to know about one account. */
export interface Holding {
  readonly provider: string;
  /** The account's id at the provider. */
  readonly externalId: string;
  /** Whose account it is: the person's index in the sandbox. */
  readonly person: number;
  /** The zone of the account holder's profile. */
  readonly zone: string;
  readonly records: readonly HeldRecord[];
}
