import { expect, test } from 'vitest';
import { urls } from '../../app/urls.ts';
import { createKeyring } from '../../providers/kit/keyring.ts';

const runtime = {
  publicUrl: 'https://well.example',
  keyring: createKeyring({ secrets: ['correct horse battery staple'] }),
};

test('every provider has its row: a secret segment where nothing is signed, none for a token, none without a push door', () => {
  const rows = new Map(urls(runtime).map((row) => [row.provider, row]));
  expect(rows.get('garmin')?.webhook_url).toMatch(/^https:\/\/well\.example\/webhooks\/garmin\/k1\.[a-z2-7]{32}$/);
  expect(rows.get('apple')?.webhook_url).toBe('https://well.example/webhooks/apple');
  expect(rows.get('myfitnesspal')?.webhook_url).toBeNull();
  expect([...rows.values()].every((row) => row.portal.length > 0)).toBe(true);
  expect(rows.get('garmin')?.redirect_url).toBe('https://well.example/oauth/garmin/callback');
  expect(rows.get('apple')?.redirect_url).toBeNull();
});

test('one provider can be asked for, and an unknown one is refused', () => {
  expect(urls(runtime, 'garmin').map((row) => row.provider)).toEqual(['garmin']);
  expect(() => urls(runtime, 'nobody')).toThrow(expect.objectContaining({ code: 'unknown_provider', exit: 2 }));
});
