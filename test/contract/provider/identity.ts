import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Provider } from '../../../providers/kit/provider.ts';
import { read } from '../../support/tree.ts';

/** Sections of a guide, in their order. */
const SECTIONS = ['What you need', 'Set it up', 'Check it', 'Limits', 'Revoke'];

/** Its names, addresses, views, terms and guide. */
export function identityContract(provider: Provider): void {
  const { id, name, docs, portal, policy, views, webhook } = provider;

  test('the id is safe as a route, a file and a folder', () => {
    expect(id).toMatch(/^[a-z][a-z0-9]{1,30}$/);
    expect(name).toMatch(/\S/);
  });

  test('it says where it is documented and where its address is entered', () => {
    const wrong = [
      ...(isAddress(docs) ? [] : [`docs is "${docs}": put the address of the provider's own documents there`]),
      ...(isAddress(portal) || / /.test(portal.trim())
        ? []
        : [`portal is "${portal}": an address, or the way in words`]),
    ];
    expect(wrong).toEqual([]);
  });

  test('it says what its terms demand', () => {
    expect(policy).toEqual(
      expect.objectContaining({
        mixing: expect.any(Boolean),
        ai: expect.any(Boolean),
        mustDeregister: expect.any(Boolean),
      }),
    );
    expect(policy.retentionDays ?? 1).toBeGreaterThan(0);
  });

  test('it has at least one way in, and a body has a limit', () => {
    expect([webhook, provider.collect, provider.import].some((door) => door !== undefined)).toBe(true);
    expect(webhook?.limit ?? 1).toBeGreaterThan(0);
    expect(webhook?.limit ?? 1).toBeLessThanOrEqual(32_000_000);
  });

  test('its views are named like addresses and list metrics of the catalogue', () => {
    const known = new Set(['all', ...columnOf('models/metrics.csv', 0)]);
    const listed = Object.values(views ?? {}).flatMap((view) => ('metrics' in view ? view.metrics : []));
    expect(listed.filter((metric) => !known.has(metric))).toEqual([]);
    expect(Object.keys(views ?? {}).filter((view) => !/^[a-z][a-z0-9-]*$/.test(view))).toEqual([]);
  });

  test('its guide says what is needed, how it is set up, checked and ended, and what its limits are', () => {
    const path = `docs/providers/${id}.md`;
    const guide = existsSync(path) ? read(path) : '';
    const wrong = SECTIONS.flatMap((section) => {
      const [, text] = new RegExp(`^## ${section}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(guide) ?? [];
      if (text === undefined) return [`${path}: there is no section "${section}"`];
      return text.trim() === '' || /^Write: /m.test(text) ? [`${path}: the section "${section}" is not written`] : [];
    });
    expect(wrong).toEqual([]);
  });
}

/** An https address; hosts named example are what the skeleton wrote. */
export function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username } = new URL(text);
  return protocol === 'https:' && username === '' && !/(^|\.)example(\.com|\.net|\.org)?$/.test(hostname);
}

/** The values of one column of a CSV without quotes, its header left out. */
export function columnOf(path: string, column: number): readonly string[] {
  const [, ...lines] = read(path).trim().split('\n');
  return lines.map((line) => line.split(',')[column] ?? '');
}
