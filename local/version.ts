import { readFileSync } from 'node:fs';

/** The version of package.json. Read without a validator: help must start quickly. */
export function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const described: unknown = JSON.parse(text);
  if (typeof described === 'object' && described !== null && 'version' in described) return String(described.version);
  return 'unknown';
}
