import { spawn } from 'node:child_process';

/** The platform's own way to open an address; elsewhere it is xdg-open. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [command: string, ...words: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens an address in the person's browser. Where that cannot be done nothing happens: the address was printed. */
export function openBrowser(url: string): void {
  const [command, ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...words, url], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
