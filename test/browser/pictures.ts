import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { executable, launch } from './chromium.ts';
import { openDemo } from './demo.ts';
import { openSite } from './site.ts';
import { signIn } from './visit.ts';

// Makes the pictures of the README: the same made-up people, the same day, in both colours. `npm run pictures`.
const folder = fileURLToPath(new URL('../../docs/images', import.meta.url));
const PAGES = [
  { name: 'today', path: '/?day=2026-03-30', height: 1040 },
  { name: 'explain', path: '', height: 800 },
];

if (executable === '') {
  process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  const site = await openSite(60);
  const browser = await launch();
  const steps = `/explain/${site.guests[0]?.user.user_id}/2026-03-30/steps`;
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const { name, path, height } of PAGES) {
      const page = await browser.newPage({ colorScheme, viewport: { width: 1180, height } });
      await signIn(page, site, path === '' ? steps : path);
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` });
      await page.context().close();
    }
  }
  await site.close();

  // A scale whose consent was taken back at its provider, beside a ring whose older days are still being fetched.
  const demo = await openDemo(20);
  const press = await browser.newPage();
  await press.goto(demo.sandboxUrl);
  const anna = press.locator('form', { hasText: 'Person 1.' });
  await anna.getByRole('button', { name: /^Revoke: Withings/ }).click();
  const page = await browser.newPage({ viewport: { width: 1180, height: 960 } });
  await signIn(page, demo, '/connections');
  const fetch = page.getByRole('button', { name: 'Fetch from Withings now' });
  if ((await fetch.count()) > 0) await fetch.click();
  // Its provider's own word comes by itself, a moment after the refusal.
  const settled = page.getByText('! Access was taken back');
  for (let tries = 0; tries < 30 && (await settled.count()) === 0; tries += 1) {
    await page.waitForTimeout(2_000);
    await page.goto(`${demo.url}/connections`);
  }
  await page.goto(`${demo.url}/connections#oura`);
  // One page in both colours: while it goes on, another one would show another moment.
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${folder}/connections-${colorScheme}.png` });
  }
  await browser.close();
  await demo.close();
}
