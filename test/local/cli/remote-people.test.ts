import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import type { Ran } from '../../support/terminal.ts';
import { openRemote } from '../../support/remote.ts';

// Each of them opens a data directory and its server.
vi.setConfig({ testTimeout: 90_000 });

/** What differs because the one comes after the other: ids, secrets, instants and figures of time. */
function masked({ code, out, err }: Ran, url: string) {
  const mask = (text: string) =>
    text
      .replaceAll(url, '<url>')
      .replaceAll(/\b([abc]|u)_[a-z2-7]{8,}\b/g, '$1_…')
      .replaceAll(/\bk1\.[a-z2-7]+/g, '<key>')
      .replaceAll(/\/join\/[\w-]+/g, '/join/…')
      .replaceAll(/[a-z2-7]{24}\.[\w-]{20,}/g, '<token>')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
      .replaceAll(/("external_id":"|as )[a-z2-7]{24}/g, '$1<id>')
      .replaceAll(/"seconds":[\d.]+/g, '"seconds":0')
      .replaceAll(/[\d.]+ s$/gm, '<seconds>');
  const said = mask(out);
  // In JSON the order of the fields says nothing.
  return { code, out: said.startsWith('{') ? parsed(said) : said, err: mask(err) };
}

const parsed = (text: string): unknown => JSON.parse(text);

const SAME: readonly (readonly string[])[] = [
  ['process', '--all'],
  ['urls'],
  ['urls', 'withings'],
  ['summary'],
  ['summary', '--user', 'Ann', '--day', '2026-03-01'],
  ['user', 'list'],
  ['user', 'add', 'Bea', '--zone', 'Europe/Rome', '--units', 'imperial', '--email', 'bea@well.example'],
  ['user', 'set', 'Ann', '--priority', 'steps=garmin,apple', '--email', 'ann@well.example'],
  ['user', 'set', 'Ann', '--zone', 'Europe/Rome', '--since', '2026-03-01'],
  ['user', 'set', 'Ann', '--email', ''],
  ['goal', 'set', 'steps', '--user', 'Ann', '--at-least', '8000', '--since', '2026-03-01'],
  ['goal', 'list'],
  ['invite', 'Ann'],
  ['link', 'garmin', '--user', 'Ann', '--external-id', 'g-2'],
  ['link', 'apple', '--user', 'Ann', '--new'],
  ['disconnect', 'garmin', '--user', 'Ann'],
  ['collect'],
];

test('every command answers through a server what it answers here', async () => {
  // The same on two directories, so that neither is what the other has left.
  const [one, other] = await Promise.all([openRemote(), openRemote()]);
  await Promise.all([one.served.settle(), other.served.settle()]);
  for (const words of SAME) {
    for (const json of [[], ['--json']]) {
      const [here, there] = [await one.here(...words, ...json), await other.there(...words, ...json)];
      const name = [...words, ...json].join(' ');
      expect(there.code, there.err).toBe(0);
      expect(there.out, name).not.toBe('');
      expect(masked(there, other.served.url), name).toEqual(masked(here, one.served.url));
    }
  }
});

test('what is changed through a server is what the data directory holds afterwards', async () => {
  const { here, there } = await openRemote();
  await there('user', 'add', 'Bea', '--zone', 'Europe/Rome');
  await there('user', 'set', 'Bea', '--name', 'Bice', '--priority', 'steps=garmin');
  const list = await here('user', 'list', '--json');
  expect(JSON.parse(list.out)).toMatchObject({
    users: [{ name: 'Ann' }, { name: 'Bice', zone: 'Europe/Rome', units: null, priority: { steps: ['garmin'] } }],
  });
  expect((await there('user', 'list', '--json')).out).toBe(list.out);
  await there('link', 'withings', '--user', 'Bice', '--external-id', 'w-7');
  await there('disconnect', 'withings', '--user', 'Bice');
  expect(JSON.parse((await here('status', '--user', 'Bice', '--json')).out)).toMatchObject({
    connections: [{ provider: 'withings', external_id: 'w-7', state: 'disconnected' }],
  });
});

test('an invitation made through a server opens the pages of that person', async () => {
  const { there, served } = await openRemote();
  const { url } = z.object({ url: z.url() }).parse(JSON.parse((await there('invite', 'Ann', '--json')).out));
  expect(url.startsWith(`${served.url}/join/`)).toBe(true);
  const answer = await fetch(url, { method: 'POST', headers: { origin: served.url }, redirect: 'manual' });
  expect([answer.status, answer.headers.getSetCookie().length]).toEqual([303, 1]);
});
