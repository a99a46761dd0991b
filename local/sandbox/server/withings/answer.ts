/** Withings says everything in 200 and means the `status` inside. */
export const ok = (body: object): Response => Response.json({ status: 0, body });

/** Texts as seen in real answers; the others are ours. */
const TEXTS = {
  214: 'Unauthorized: this scope was not granted',
  286: 'No such subscription was found',
  293: 'The callback URL is either unknown or invalid',
  342: 'The signature is invalid',
  401: 'XRequestID: Not provided invalid_token: The access token provided is invalid',
  501: 'Invalid Params: action',
  503: 'Invalid Params: invalid code',
  601: 'Too Many Requests',
  2556: 'An unknown error occurred',
} as const;

export type Status = keyof typeof TEXTS;

export const failed = (status: Status, error: string = TEXTS[status]): Response =>
  Response.json({ status, body: {}, error });
