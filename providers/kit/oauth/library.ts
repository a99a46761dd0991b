import { createRequire } from 'node:module';
import type { AuthorizationCode } from 'simple-oauth2';

interface Debug {
  disable(): string;
  enable(namespaces: string): void;
}

/** The library's client of the authorization code grant. Loaded when first asked for: help and receive never need it. */
export async function loadLibrary(): Promise<typeof AuthorizationCode> {
  silence();
  return (await import('simple-oauth2')).AuthorizationCode;
}

/** With `DEBUG=*` the library prints client secrets and tokens; its own copy of `debug` is told to leave them out. */
function silence(): void {
  const beside = createRequire(createRequire(import.meta.url).resolve('simple-oauth2'));
  const debug: Debug = beside('debug');
  debug.enable(`${debug.disable()},-simple-oauth2*`);
}
