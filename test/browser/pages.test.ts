import { join } from 'node:path';
import { statSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../support/directory.ts';
import { executable, launch } from './chromium.ts';
import { type Site, openSite } from './site.ts';
import { follow, openPage, signIn, widthOf } from './visit.ts';

describe.skipIf(executable === '')('the pages in a real browser', () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    [site, browser] = await Promise.all([openSite(), launch()]);
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  test('after signing in one is where one wanted to go, and sees the day with its charts', async () => {
    const { page } = await openPage(browser);
    await signIn(page, site, '/?day=2026-03-30');
    expect(new URL(page.url()).search).toBe('?day=2026-03-30');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Monday 30 March 2026');
    const cards = await page.locator('.card').count();
    expect(cards).toBeGreaterThan(5);
    expect(await page.locator('.card canvas').count()).toBe(cards);
  });

  test('a number leads to the raw text it was made from', async () => {
    const { page } = await openPage(browser);
    await signIn(page, site, '/?day=2026-03-30');
    await follow(page.getByRole('link', { name: /^Steps: .* Explain$/ }).first());
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Steps');
    expect(await page.getByText('✓ chosen').count()).toBe(1);
    expect(await page.locator('.evidence pre').first().innerText()).toMatch(/\d/);
    expect(await page.locator('.evidence code').nth(1).innerText()).toMatch(/^raw\/2026-03-31\//);
  });

  test('nothing is asked of any other machine and the browser has no complaint', async () => {
    const { page, complaints, asked } = await openPage(browser);
    await signIn(page, site);
    for (const path of ['/', '/outbox', '/connections', '/?day=2026-03-30'])
      await page.goto(`${site.url}${path}`, { waitUntil: 'networkidle' });
    await page.locator('.value').first().click();
    await page.waitForLoadState('networkidle');
    expect(complaints).toEqual([]);
    const elsewhere = asked.filter((url) => !url.startsWith(`${site.url}/`) && !url.startsWith('data:'));
    expect(elsewhere).toEqual([]);
  });

  test('the browser refuses a script that somehow got into a page', async () => {
    const { page, complaints } = await openPage(browser);
    await signIn(page, site);
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))",
    );
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(complaints.join()).toContain('Content Security Policy');
  });

  test('at 320 pixels no page needs sideways scrolling', async () => {
    const { page } = await openPage(browser, { viewport: { width: 320, height: 700 } });
    await page.goto(`${site.url}/signin`);
    expect(await widthOf(page)).toBeLessThanOrEqual(320);
    await signIn(page, site);
    expect(await widthOf(page)).toBeLessThanOrEqual(320);
    await page.locator('details summary').first().click();
    expect(await widthOf(page)).toBeLessThanOrEqual(320);
    await page.goto(`${site.url}/outbox`);
    expect(await widthOf(page)).toBeLessThanOrEqual(320);
    await page.goto(`${site.url}/connections`);
    for (const summary of await page.locator('details summary').all()) await summary.click();
    expect(await widthOf(page)).toBeLessThanOrEqual(320);
    await page.goto(`${site.url}/?day=2026-03-30`);
    await follow(page.locator('.card .value').first());
    expect(await widthOf(page)).toBeLessThanOrEqual(320);
  });

  test('the keyboard alone reaches the first card and opens its explanation', async () => {
    const { page } = await openPage(browser);
    await signIn(page, site, '/?day=2026-03-30');
    const focus = () =>
      page.evaluate<string>("document.activeElement.closest('.card') ? document.activeElement.className : ''");
    for (let presses = 0; presses < 40 && (await focus()) !== 'value'; presses += 1) await page.keyboard.press('Tab');
    expect(await focus()).toBe('value');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/explain\//);
  });

  test('the keyboard alone ends a connection, after a question', async () => {
    const { page } = await openPage(browser);
    await signIn(page, site, '/connections');
    const focused = () => page.evaluate<string>('document.activeElement.getAttribute("aria-label") ?? ""');
    for (let presses = 0; presses < 60 && !(await focused()).startsWith('Disconnect'); presses += 1)
      await page.keyboard.press('Tab');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/connections\/end\//);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^Disconnect .*\?$/);
    await page.getByRole('link', { name: 'Keep it' }).click();
    await page.waitForURL(/\/connections\?user_id=/);
  });

  test('everything that can be pressed is at least 24 pixels high', async () => {
    const { page } = await openPage(browser);
    await signIn(page, site, '/?day=2026-03-30');
    const small = await page.evaluate<
      string[]
    >(`[...document.querySelectorAll('button, select, input:not([type=hidden]), summary, .top a, nav a, .card .value')]
      .filter((one) => one.offsetParent !== null && one.getBoundingClientRect().height < 24)
      .map((one) => one.outerHTML.slice(0, 80))`);
    expect(small).toEqual([]);
  });

  test('a table of the page itself is shown whole', async () => {
    const { page } = await openPage(browser, { viewport: { width: 320, height: 640 } });
    await signIn(page, site, '/?day=2026-03-30');
    const table = '[aria-labelledby=others].scroll';
    expect(await page.locator(`${table} tbody tr`).count()).toBeGreaterThan(6);
    const [shown, whole] = await page.locator(table).evaluate((box) => [box.clientHeight, box.scrollHeight]);
    expect(shown).toBe(whole);
  });

  test('the colours follow the system, and a choice of one’s own stays', async () => {
    const { page } = await openPage(browser, { colorScheme: 'dark' });
    await signIn(page, site);
    const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const dark = await paper();
    await follow(page.getByRole('button', { name: 'Use light colours' }));
    const light = await paper();
    expect(light).not.toBe(dark);
    await page.reload();
    expect(await paper()).toBe(light);
  });

  test.each(['light', 'dark'] as const)('a picture in %s is written and is not blank', async (colorScheme) => {
    const { page } = await openPage(browser, { colorScheme, viewport: { width: 1280, height: 900 } });
    await signIn(page, site, '/?day=2026-03-30');
    const file = join(temporaryDirectory(), `${colorScheme}.png`);
    await page.screenshot({ path: file });
    expect(statSync(file).size).toBeGreaterThan(20_000);
  });
});
