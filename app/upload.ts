import { utcDate } from './keys.ts';
import type { Runtime } from './runtime.ts';

/** An imported file as remembered: what it was called and which dates it is about, `YYYY-MM-DD`, where it says. */
export interface Upload {
  readonly name: string;
  readonly key: string;
  /** Unix ms. */
  readonly imported_at: number;
  readonly resources: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
}

type Uploads = Pick<Runtime, 'state'>;

const idOf = (account: string, sha256: string): string => `${account}/${sha256}`;

/** The file with these bytes, where it was imported for this account before. */
export async function sameUpload({ state }: Uploads, account: string, sha256: string): Promise<Upload | undefined> {
  return (await state.get<Upload>('upload', idOf(account, sha256)))?.value;
}

/** Remembers a file once everything in it is stored. */
export async function rememberUpload(
  { state }: Uploads,
  account: string,
  sha256: string,
  upload: Upload,
): Promise<void> {
  await state.put('upload', idOf(account, sha256), upload);
}

interface Question {
  readonly account: string;
  readonly upload: Upload;
  /** The same bytes, imported before. */
  readonly same: Upload | undefined;
  /** Whether anything in it was stored for the first time. */
  readonly isNew: boolean;
}

/** What the person should know about a file just imported, in a sentence; undefined when there is nothing to say. */
export async function warningAbout(
  uploads: Uploads,
  { account, upload, same, isNew }: Question,
): Promise<string | undefined> {
  if (!isNew) {
    const before = same === undefined ? 'before, in other files' : `on ${utcDate(same.imported_at)} as ${same.name}`;
    return `${upload.name}: everything in it was imported ${before}; nothing changes.`;
  }
  const newer = await newerUpload(uploads, account, upload);
  if (newer === undefined) return undefined;
  return (
    `${upload.name} goes up to ${upload.to}, ${newer.name}, imported before, up to ${newer.to}: ` +
    'where both speak about a date, the one imported last, this one, counts now.'
  );
}

/** A file imported before that speaks about dates of this one and goes on longer: the newer export of the two. */
async function newerUpload({ state }: Uploads, account: string, upload: Upload): Promise<Upload | undefined> {
  const { from, to, resources } = upload;
  if (from === null || to === null) return undefined;
  const others = (await state.list<Upload>('upload', `${account}/`)).map((record) => record.value);
  return others
    .filter((one) => one.resources.some((resource) => resources.includes(resource)))
    .filter((one) => one.from !== null && one.from <= to && one.to !== null && one.to > to)
    .toSorted((a, b) => b.imported_at - a.imported_at)[0];
}
