import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { executable, launch } from './chromium.ts';
import { OWNER_TOKEN, openSite } from './site.ts';

// Makes the pictures of the README: the same made-up people, the same day, in both colours. `npm run pictures`.
const folder = fileURLToPath(new URL('../../docs/images', import.meta.url));
const PAGES = [
  { name: 'today', path: '/?day=2026-03-30', height: 1040 },
  { name: 'explain', path: '', height: 760 },
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
      await page.goto(`${site.url}/signin?next=${encodeURIComponent(path === '' ? steps : path)}`);
      await page.getByLabel('Owner token').fill(OWNER_TOKEN);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` });
      await page.context().close();
    }
  }
  await browser.close();
  await site.close();
}
