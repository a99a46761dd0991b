/** The only source of randomness: `id('u', 12)` is `u_` and 12 characters of lower-case base32; a secret is base64url. */
export interface Ids {
  id(prefix: string, length: number): string;
  secret(bytes: number): string;
}
