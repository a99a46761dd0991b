import { WellspringError } from './errors.ts';
import { type ImportRuntime, type Refusal, importFiles } from './import.ts';
import { type User, findUser } from './people.ts';
import { providerNamed } from './provider.ts';

/** Where files of one person for one provider are dropped; `user` is an id or a name. */
export interface InboxFolder {
  readonly provider: string;
  readonly user: string;
}

export interface InboxFile extends InboxFolder {
  readonly name: string;
  /** Changes when the file does. */
  readonly stamp: string;
}

/** A place files are dropped into, `<provider>/<user>/<file>`: a folder on one machine, a prefix of the bucket in the cloud. */
export interface Inbox {
  /** Files nobody is still writing: unchanged since the look before. */
  look(): Promise<readonly InboxFile[]>;
  read(file: InboxFile): Promise<Uint8Array>;
  /** Takes a file away that was imported, unless it has changed since the look. */
  remove(file: InboxFile): Promise<void>;
  /** Puts a file aside with the reason beside it. */
  refuse(file: InboxFile, reason: string): Promise<void>;
  /** Says in a folder why its files wait; undefined takes the note away. Saying the same again does nothing. */
  note(folder: InboxFolder, reason: string | undefined): Promise<void>;
}

/** `waiting`: files in folders whose provider or person nobody knows. */
export interface InboxReport {
  readonly imported: number;
  readonly refused: number;
  readonly waiting: number;
  /** Raw objects that were stored for the first time. */
  readonly objects: number;
}

/** Imports what lies in the inbox as `import` does, and moves it away. A file is taken away only after its bytes are stored. */
export async function takeInbox(runtime: ImportRuntime, inbox: Inbox): Promise<InboxReport> {
  const report = { imported: 0, refused: 0, waiting: 0, objects: 0 };
  for (const file of await inbox.look()) {
    const owner = await ownerOf(runtime, file);
    await inbox.note(file, owner.ok ? undefined : owner.reason);
    if (!owner.ok) {
      report.waiting += 1;
      continue;
    }
    const files = [{ name: file.name, bytes: await inbox.read(file) }];
    const { objects, refused } = await importFiles(runtime, { provider: file.provider, user: owner.user, files });
    report.objects += objects;
    const [refusal] = refused;
    if (refusal === undefined) {
      await inbox.remove(file);
      report.imported += 1;
    } else {
      await inbox.refuse(file, inWords(refusal));
      report.refused += 1;
    }
  }
  return report;
}

type Owner = { readonly ok: true; readonly user: User } | { readonly ok: false; readonly reason: string };

async function ownerOf(runtime: ImportRuntime, { provider, user }: InboxFolder): Promise<Owner> {
  try {
    providerNamed(provider);
    return { ok: true, user: await findUser(runtime, user) };
  } catch (error) {
    if (!(error instanceof WellspringError)) throw error;
    return { ok: false, reason: inWords({ code: error.code, detail: error.message, remedy: error.remedy }) };
  }
}

function inWords({
  code,
  detail,
  remedy,
}: Pick<Refusal, 'code' | 'detail'> & { readonly remedy?: string | undefined }) {
  return `${detail}\n${remedy === undefined ? '' : `${remedy}\n`}(${code})\n`;
}
