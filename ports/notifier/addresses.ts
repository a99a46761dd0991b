/** Where each person's messages go: an address holds only after whoever reads it has said yes. */
export interface Addresses {
  /** Makes an address the only one of a person, in the place of an earlier one; null: none. Asked for the same again, it asks an address that has not said yes once more. */
  set(userId: string, email: string | null): Promise<void>;
  /** Everybody who gave one: `gone` was never confirmed, or ended by its reader. */
  list(): Promise<readonly { readonly userId: string; readonly state: 'confirmed' | 'pending' | 'gone' }[]>;
  /** Ends what could not be ended when it was replaced; answers how many are left. */
  settle(): Promise<number>;
}
