import { defineProvider } from './provider.ts';

/** The door of `doctor`: taken in as any signed delivery is, under the secret of this installation, and read by nothing. In no list of providers. */
export const selftest = defineProvider({
  id: 'selftest',
  name: 'Self-test',
  docs: 'docs/operations.md',
  portal: 'wellspring doctor',
  webhook: {
    limit: 4096,
    auth: 'signature',
    signature: {
      header: 'x-wellspring-signature',
      timestamp: { header: 'x-wellspring-timestamp', unit: 'ms' },
      encoding: 'hex',
    },
    own: { prefix: 'selftest', event: 'Self Test Stored' },
    // A notice's key holds its time: each delivery is a write.
    split: (text) => [{ externalId: undefined, resource: 'delivery', notice: true, text }],
  },
  policy: { mixing: false, ai: false, mustDeregister: false },
});
