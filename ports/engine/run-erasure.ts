import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { awsError } from '../aws.ts';
import { createVersions } from '../objects/s3-versions.ts';
import type { Erasure } from './engine.ts';
import { parsed } from './lines.ts';
import { changeLine, runRecord, takenLine } from './run.ts';

/** The account a raw key names. Its form is a contract: a port imports nothing of the app that writes it. */
const accountIn = (key: string): string => key.split('/')[3] ?? '';

/** The mark of lines with values: a rule of the bucket ends what has it after a month, and writing again would take it off. */
const PASSING = 'holds=values';

type File = 'batch.json' | 'taken.ndjson' | 'changed';
const fileOf = (key: string): File | undefined => {
  const [, , name = '', table] = key.split('/');
  if (table !== undefined) return name === 'changed' ? 'changed' : undefined;
  return name === 'batch.json' || name === 'taken.ndjson' ? name : undefined;
};

const doing = async <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => Promise.reject(awsError(error, 'Erasing from the records of runs')));

const isLast = (key: string): number => Number(fileOf(key) === 'batch.json');

/** How forgetting takes people out of the records of runs, which hold their rows and the keys of their objects. */
export function createRunErasure(client: S3Client, Bucket: string) {
  const versions = createVersions({ bucket: Bucket, client });

  async function rewriteFile(key: string, erasure: Erasure): Promise<void> {
    const there = await doing(client.send(new GetObjectCommand({ Bucket, Key: key })));
    const before = (await there.Body?.transformToString()) ?? '';
    const after = without(key, before, erasure);
    // An empty text would be taken for a stream of unknown length.
    const Body = new TextEncoder().encode(after);
    const Tagging = fileOf(key) === 'changed' ? { Tagging: PASSING } : {};
    if (after !== before) await doing(client.send(new PutObjectCommand({ Bucket, Key: key, Body, ...Tagging })));
  }

  return {
    /** Writes the files of one run again where they tell of them; the record of the run itself last, so that a crash leaves it to be found. */
    async rewrite(id: string, erasure: Erasure): Promise<void> {
      const page = await doing(client.send(new ListObjectsV2Command({ Bucket, Prefix: `runs/${id}/` })));
      const all = (page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
      const isObjects = erasure.users.length + erasure.accounts.length === 0;
      const keys = isObjects ? all.filter((key) => fileOf(key) === 'taken.ndjson') : all;
      for (const key of keys.toSorted((a, b) => isLast(a) - isLast(b))) await rewriteFile(key, erasure);
    },
    /** Removes every version below `runs/` that is not the newest. */
    async dropOld(): Promise<void> {
      await versions.remove({ prefix: 'runs/', isMeant: ({ isLatest }) => !isLatest });
    },
  };
}

/** The text of a file without what an erasure means; the same text where it means nothing. */
function without(key: string, text: string, { users, accounts, keys }: Erasure): string {
  const file = fileOf(key);
  if (file === undefined) return text;
  if (file === 'batch.json') {
    const record = parsed(runRecord, text, key);
    const stay = record.users.filter((user) => !users.includes(user));
    return stay.length === record.users.length ? text : JSON.stringify({ ...record, users: stay });
  }
  const isTheirs = (line: string, at: number): boolean => {
    const where = `line ${at + 1} of ${key}`;
    if (file === 'taken.ndjson') {
      const { key: taken } = parsed(takenLine, line, where);
      return accounts.includes(accountIn(taken)) || keys.includes(taken);
    }
    const change = parsed(changeLine, line, where);
    const { user_id: user, account } = 'row' in change ? change.row : change.gone;
    return users.includes(String(user)) || (account !== undefined && accounts.includes(String(account)));
  };
  const lines = text.split('\n').filter((line) => line !== '');
  const stay = lines.filter((line, at) => !isTheirs(line, at));
  return stay.length === lines.length ? text : stay.map((line) => `${line}\n`).join('');
}
