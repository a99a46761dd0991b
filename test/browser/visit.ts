import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** As long as a slow machine may take for a page, or for what happens in the background: it measures nothing and ends what hangs. */
export const PATIENCE = { timeout: 120_000 };

/** A page of its own, closed with the test; with everything a browser would complain about and every address it asked for. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE.timeout);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  return { page, complaints, asked };
}

/** Asks for the page at `path`, signs in with the owner's token on the way, and waits until it is whole. */
export async function signIn(page: Page, site: { readonly url: string; readonly ownerToken: string }, path = '/') {
  await page.goto(`${site.url}${path}`);
  await page.getByLabel('Owner token').fill(site.ownerToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForLoadState('networkidle');
}

/** Clicks what leads to a page and waits until that is whole: a click by itself waits for its first bytes. */
export async function follow(link: Locator): Promise<void> {
  await link.click();
  await link.page().waitForLoadState();
}

/** How wide the page is, in CSS pixels: more than the window means sideways scrolling. */
export const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

/** Presses Tab until what has the focus is named `name`, and Enter on it. */
export async function pressByKeyboard(page: Page, name: RegExp): Promise<void> {
  const focused = () =>
    page.evaluate<string>(
      "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()",
    );
  for (let presses = 0; presses < 80 && !name.test(await focused()); presses += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
}
