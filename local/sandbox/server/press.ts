/** What a person can let happen to one account of a simulated provider: the name in the form, its button, and what it does. */
export const PRESSES = {
  'lose-token': {
    title: 'Lose the token',
    does: 'makes the access token worth nothing; the refresh token still works',
  },
  'go-silent': { title: 'Go silent for three days', does: 'lets nothing become known for three days, then all of it' },
  revoke: { title: 'Revoke', does: 'takes the consent back' },
} as const;

export type Press = keyof typeof PRESSES;

export const isPress = (name: unknown): name is Press => typeof name === 'string' && Object.hasOwn(PRESSES, name);
