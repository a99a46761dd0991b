import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { matrixOf } from '../../infra/rules/iam/matrix.ts';
import type { Recorded } from './recorded.ts';

/** The document of rights says what the recorded program says. */
export function matrixIsTrue(recorded: Recorded): void {
  test('docs/iam.md is what `npm run iam` writes', () => {
    const written = readFileSync(fileURLToPath(new URL('../../docs/iam.md', import.meta.url)), 'utf8');
    expect(written).toBe(matrixOf(recorded('everything'), recorded('spark')));
  });
}
