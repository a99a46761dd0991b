import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executable, launch } from './chromium.ts';
import { type Demo, openDemo } from './demo.ts';
import { follow, openPage, PATIENCE, pressByKeyboard, signIn, widthOf } from './visit.ts';

describe.skipIf(executable === '')('a demo with its simulated providers in a real browser', () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([openDemo(6), launch()]);
  });

  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  test('a button pressed by mouse is in the list, and what it does happens: the product needs a new token', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(demo.sandboxUrl);
    const tokens = () => page.getByText(/refresh tokens were presented/).innerText();
    const before = await tokens();
    await follow(page.getByRole('button', { name: /^Lose the token: Oura/ }));
    expect(await page.getByRole('row', { name: /^Lose the token 1 / }).count()).toBe(1);
    expect(await page.getByRole('cell', { name: 'oura: you pressed' }).count()).toBe(1);

    const wellspring = await openPage(browser);
    await signIn(wellspring.page, demo, '/connections');
    await follow(wellspring.page.getByRole('button', { name: 'Fetch from Oura now' }));
    await expect.poll(async () => page.reload().then(tokens), PATIENCE).not.toBe(before);
    expect(await page.getByRole('row', { name: / oura .* rotated$/ }).count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  test('the keyboard alone silences an account, and the page says until when', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(demo.sandboxUrl);
    await pressByKeyboard(page, /^Go silent for three days: Oura/);
    await page.getByText(/^Silent: nothing becomes known before 2026-04-0\d/).waitFor();
    expect(complaints).toEqual([]);
  });

  test('nothing that somehow got into the page runs or is loaded', async () => {
    const { page, complaints } = await openPage(browser);
    const answer = await page.goto(demo.sandboxUrl);
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))",
    );
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(complaints.join()).toContain('Content Security Policy');
  });

  test.each(['light', 'dark'] as const)(
    'at 320 pixels the page needs no sideways scrolling (%s)',
    async (colorScheme) => {
      const { page } = await openPage(browser, { colorScheme, viewport: { width: 320, height: 700 } });
      await page.goto(demo.sandboxUrl);
      expect(await widthOf(page)).toBeLessThanOrEqual(320);
    },
  );

  test('consent taken back at the provider is said with its remedy, and connecting again mends it', async () => {
    const { page: sandbox } = await openPage(browser);
    await sandbox.goto(demo.sandboxUrl);
    const revoke = sandbox.locator('form', { hasText: 'Person 1.' }).getByRole('button', { name: /^Revoke: Withings/ });
    await follow(revoke);
    expect(await revoke.count()).toBe(0);
    expect(await sandbox.getByRole('row', { name: /^Revoke 1 / }).count()).toBe(1);

    const { page, complaints } = await openPage(browser);
    await signIn(page, demo, '/connections');
    const withings = page.getByRole('region', { name: 'Withings', exact: true });
    const fetch = withings.getByRole('button', { name: 'Fetch from Withings now' });
    // The older days are being fetched beside it, and may have met it first.
    if ((await fetch.count()) > 0) await follow(fetch);
    await expect
      .poll(async () => page.reload().then(() => withings.locator('.state').innerText()), PATIENCE)
      .toMatch(/^! /);
    expect(await withings.locator('.reach').innerText()).toContain('Connect it again');
    await follow(withings.getByRole('link', { name: 'Connect Withings again' }));
    await page.getByRole('radio', { name: /^Person 1/ }).check();
    await follow(page.getByRole('button', { name: 'Allow' }));
    await page.goto(`${demo.url}/connections`);
    expect(await withings.locator('.state').innerText()).toBe('✓ Connected');
    expect(complaints).toEqual([]);
  });

  test('another account is asked about, and who goes elsewhere first finds the question again', async () => {
    const { page, complaints } = await openPage(browser);
    await signIn(page, demo, '/connections');
    const show = async (name: string): Promise<void> => {
      await page.getByLabel('Person').selectOption(name);
      await follow(page.getByRole('button', { name: 'Show' }));
    };
    // Nobody may have two people's account: Ben lets go of his.
    await show('Ben');
    await follow(page.getByRole('link', { name: /^Disconnect Withings/ }));
    await follow(page.getByRole('button', { name: 'Disconnect' }));
    await show('Anna');
    await follow(page.getByRole('link', { name: 'Connect Withings again' }));
    await page.getByRole('radio', { name: /^Person 2/ }).check();
    await follow(page.getByRole('button', { name: 'Allow' }));
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('This is another Withings account');
    await follow(page.getByRole('link', { name: 'Connections' }));
    await follow(page.getByRole('link', { name: 'Say what is meant' }));
    await follow(page.getByRole('button', { name: 'Keep only the old one' }));
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^Connections of /);
    expect(await page.getByRole('link', { name: 'Say what is meant' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
