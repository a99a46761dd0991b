import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { STACK_NAMES, type Recorded } from './recorded.ts';

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
const headings = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, text = '']) => text);
/** Parts for who looks for them, which no alarm names. */
const LOOKED_UP = [
  'the-budget',
  'the-engine',
  'keys-and-secrets',
  'restoring',
  'tables-from-raw-again',
  'what-people-are-told-of',
];

/** Whatever mails the owner names a part of docs/operations.md that is there, and no part waits for a mail that never comes. */
export function runbookIsWhole(recorded: Recorded): void {
  describe.each(STACK_NAMES)('the runbook of the stack %s', (name) => {
    test('has the part that every alarm and every mail names, and no part that nothing names', () => {
      const speaking = recorded(name).resources.filter(({ type }) => /MetricAlarm|EventTarget/.test(type));
      const named = [
        ...JSON.stringify(speaking.map(({ props }) => props)).matchAll(/docs\/operations\.md#([a-z0-9-]+)/g),
      ];
      const anchors = new Set(named.map(([, anchor = '']) => anchor));
      expect(anchors.size).toBeGreaterThan(8);
      expect([...anchors, ...LOOKED_UP].toSorted()).toEqual(headings.map(anchorOf).toSorted());
    });
  });
}
