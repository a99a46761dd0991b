/** A request a provider makes: the sender adds address and credentials. */
export interface PushParcel {
  readonly kind: 'push';
  readonly provider: string;
  /** Parcels of one lane go one after the other, each after the one before was acknowledged. */
  readonly lane: string;
  /** Whose door it is: with a personal token, theirs. */
  readonly person: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A file a person exports and hands in. */
export interface FileParcel {
  readonly kind: 'file';
  readonly provider: string;
  readonly lane: string;
  readonly person: number;
  readonly name: string;
  readonly text: string;
}

export type Parcel = PushParcel | FileParcel;

/** A parcel and when it sets out, in epoch seconds of the simulated time. */
export interface Posted {
  readonly atS: number;
  readonly parcel: Parcel;
}

/** In the order they set out; equal times keep their order. */
export function inOrder(posted: readonly Posted[]): Parcel[] {
  return posted.toSorted((a, b) => a.atS - b.atS).map(({ parcel }) => parcel);
}
