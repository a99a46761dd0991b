import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { takeInbox } from '../../app/inbox.ts';
import { addUser, setUser } from '../../app/people.ts';
import { createInbox } from '../../local/inbox.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { openDesk } from '../support/desk.ts';

const DIARY = 'Date,Meal,Calories\n2026-01-05,Lunch,500\n';
const WEIGHT = 'Date,Weight\n2026-01-05,80\n';
const NOTHING = { imported: 0, refused: 0, waiting: 0, objects: 0 };

async function openInbox() {
  const dataDir = temporaryDirectory();
  const desk = openDesk();
  const anna = await addUser(desk.runtime, { name: 'Anna' });
  const inbox = createInbox(dataDir);
  const at = (path: string): string => join(dataDir, 'inbox', path);
  const drop = (path: string, content: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
  };
  const look = () => takeInbox(desk.runtime, inbox);
  const imported = async () => (await desk.raw()).filter((one) => one.attributes['receiver'] === 'import');
  return { ...desk, anna, inbox, at, drop, look, imported };
}

describe('a file dropped into the inbox', () => {
  test('is imported once it holds still, and is gone afterwards', async () => {
    const { drop, look, imported, at } = await openInbox();
    drop('myfitnesspal/Anna/a.csv', DIARY);
    expect(await look()).toEqual(NOTHING);
    expect(await look()).toEqual({ ...NOTHING, imported: 1, objects: 1 });
    expect(await imported()).toHaveLength(1);
    expect(readdirSync(at('myfitnesspal/Anna'))).toEqual([]);
    expect(await look()).toEqual(NOTHING);
  });

  test('stays when it could not be stored, and is taken when it can', async () => {
    const { runtime, inbox, drop, look, at } = await openInbox();
    drop('myfitnesspal/Anna/a.csv', DIARY);
    await look();
    const objects = { ...runtime.objects, putIfAbsent: () => Promise.reject(new Error('ENOSPC')) };
    await expect(takeInbox({ ...runtime, objects }, inbox)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(readFileSync(at('myfitnesspal/Anna/a.csv'), 'utf8')).toBe(DIARY);
    expect(await look()).toMatchObject({ imported: 1 });
  });

  test('that cannot be read holds up no other, and is told of', async () => {
    const { runtime, inbox, drop, look, at } = await openInbox();
    for (const name of ['a', 'b']) drop(`myfitnesspal/Anna/${name}.csv`, DIARY);
    await look();
    const failure = new Error('EACCES');
    const read: typeof inbox.read = (file) => (file.name === 'a.csv' ? Promise.reject(failure) : inbox.read(file));
    await expect(takeInbox(runtime, { ...inbox, read })).rejects.toBe(failure);
    expect(readdirSync(at('myfitnesspal/Anna'))).toEqual(['a.csv']);
  });

  test('that is written again while it is read is not put aside with the one before', async () => {
    const { runtime, inbox, drop, look, at } = await openInbox();
    drop('myfitnesspal/Anna/a.csv', 'Date,Meal\n');
    await look();
    const read: typeof inbox.read = async (file) => {
      const bytes = await inbox.read(file);
      drop('myfitnesspal/Anna/a.csv', DIARY);
      return bytes;
    };
    await takeInbox(runtime, { ...inbox, read });
    expect(readFileSync(at('myfitnesspal/Anna/a.csv'), 'utf8')).toBe(DIARY);
    await look();
    expect(await look()).toMatchObject({ imported: 1 });
  });

  test('may name its person by id', async () => {
    const { drop, look, anna } = await openInbox();
    drop(`myfitnesspal/${anna.user_id}/a.csv`, DIARY);
    await look();
    expect(await look()).toMatchObject({ imported: 1 });
  });

  test('waits while it grows', async () => {
    const { drop, look, at, imported } = await openInbox();
    drop('myfitnesspal/Anna/a.csv', DIARY);
    await look();
    appendFileSync(at('myfitnesspal/Anna/a.csv'), '2026-01-06,Lunch,600\n');
    expect(await look()).toEqual(NOTHING);
    expect(await look()).toMatchObject({ imported: 1 });
    expect((await imported())[0]?.data).toMatchObject({ rows: [{ Calories: '500' }, { Calories: '600' }] });
  });

  test.each(['a.csv.part', 'a.csv.crdownload', '.a.csv.swp'])(
    'called %s is somebody’s unfinished work',
    async (name) => {
      const { drop, look, at } = await openInbox();
      drop(`myfitnesspal/Anna/${name}`, DIARY);
      await look();
      expect(await look()).toEqual(NOTHING);
      expect(existsSync(at(`myfitnesspal/Anna/${name}`))).toBe(true);
    },
  );
});

describe('a file that is refused', () => {
  test('is put aside with the reason beside it, and the others go on', async () => {
    const { drop, look, at } = await openInbox();
    drop('myfitnesspal/Anna/a.csv', 'Date,Meal\n');
    drop('myfitnesspal/Anna/b.csv', DIARY);
    await look();
    expect(await look()).toEqual({ imported: 1, refused: 1, waiting: 0, objects: 1 });
    expect(readFileSync(at('myfitnesspal/Anna/refused/a.csv'), 'utf8')).toBe('Date,Meal\n');
    const reason = readFileSync(at('myfitnesspal/Anna/refused/a.csv.problem.txt'), 'utf8');
    expect(reason).toContain('"Calories"');
    expect(reason).toContain('(missing_column)');
    expect(await look()).toEqual(NOTHING);
  });

  test('does not write over one of the same name', async () => {
    const { drop, look, at } = await openInbox();
    for (const content of ['first', 'second']) {
      drop('myfitnesspal/Anna/a.csv', content);
      await look();
      await look();
    }
    const refused = ['a.csv', '2-a.csv'].map((name) => readFileSync(at(`myfitnesspal/Anna/refused/${name}`), 'utf8'));
    expect(refused).toEqual(['first', 'second']);
  });

  test('for want of a unit is taken when it is dropped again after the person has one', async () => {
    const { runtime, drop, look, anna } = await openInbox();
    drop('myfitnesspal/Anna/w.csv', WEIGHT);
    await look();
    expect(await look()).toMatchObject({ refused: 1 });
    await setUser(runtime, anna, { units: 'metric' });
    drop('myfitnesspal/Anna/w.csv', WEIGHT);
    await look();
    expect(await look()).toMatchObject({ imported: 1 });
  });
});

describe('a folder of nobody we know', () => {
  test('keeps its files and says why, once', async () => {
    const { drop, look, at } = await openInbox();
    drop('myfitnesspal/Ben/a.csv', DIARY);
    drop('fitbot/Anna/a.csv', DIARY);
    await look();
    expect(await look()).toEqual({ ...NOTHING, waiting: 2 });
    const note = at('myfitnesspal/Ben/problem.txt');
    expect(readFileSync(note, 'utf8')).toContain('(unknown_user)');
    expect(readFileSync(at('fitbot/Anna/problem.txt'), 'utf8')).toContain('(unknown_provider)');
    writeFileSync(note, readFileSync(note));
    expect(await look()).toEqual({ ...NOTHING, waiting: 2 });
    expect(readFileSync(at('fitbot/Anna/a.csv'), 'utf8')).toBe(DIARY);
  });

  test('is taken when the person is added, and the note goes', async () => {
    const { runtime, drop, look, at } = await openInbox();
    drop('myfitnesspal/Ben/a.csv', DIARY);
    await look();
    await look();
    await addUser(runtime, { name: 'Ben' });
    expect(await look()).toMatchObject({ imported: 1 });
    expect(readdirSync(at('myfitnesspal/Ben'))).toEqual([]);
  });
});

test('an inbox that is not there is an empty one', async () => {
  expect(await (await openInbox()).look()).toEqual(NOTHING);
});
