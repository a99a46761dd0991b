import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const finder = fileURLToPath(new URL('../../bin/browser.mjs', import.meta.url));

/** The system's Chromium as `bin/browser.mjs` finds it; empty when there is none and tests are to be skipped. */
export const executable = execFileSync(process.execPath, [finder], { encoding: 'utf8' }).trim();

const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: executable, args: QUIET });
}
