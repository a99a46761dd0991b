import type { Inbox, InboxFile, InboxFolder } from '../ports/inbox/inbox.ts';
import { WellspringError } from './errors.ts';
import { readTombstone } from './forget/tombstone.ts';
import { type ImportRuntime, type Refusal, importFiles } from './import.ts';
import { tooLargeHere } from './import/size.ts';
import { beginUpload, endUpload, findUpload, type HandedIn } from './import/upload.ts';
import { type User, findUser } from './people.ts';
import { providerNamed } from './provider.ts';
import type { Runtime } from './runtime.ts';

type InboxRuntime = ImportRuntime & Pick<Runtime, 'importBytes'>;

/** `waiting`: files in folders whose provider or person nobody knows. */
export interface InboxReport {
  readonly imported: number;
  readonly refused: number;
  readonly waiting: number;
  /** Raw objects that were stored for the first time. */
  readonly objects: number;
}

/** What became of one file; `gone`: somebody else took it, or it was somebody's who is forgotten. */
export interface Taken {
  readonly outcome: 'imported' | 'refused' | 'waiting' | 'gone';
  readonly objects: number;
}

/**
 * Imports what lies in the inbox as `import` does, and moves it away. A file that fails does not stop the others: what it threw is thrown when they
 * are done, and it stays.
 */
export async function takeInbox(runtime: InboxRuntime, inbox: Inbox): Promise<InboxReport> {
  const report = { imported: 0, refused: 0, waiting: 0, objects: 0 };
  const failures: unknown[] = [];
  for (const file of await inbox.look()) {
    try {
      const { outcome, objects } = await takeFile(runtime, inbox, file);
      report.objects += objects;
      if (outcome !== 'gone') report[outcome] += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return report;
}

/**
 * Imports one file of the inbox and moves it away; it is taken away only after its bytes are stored, and being told of it twice does no harm.
 * Throws `storage_unavailable`, and then it stays.
 */
export async function takeFile(runtime: InboxRuntime, inbox: Inbox, file: InboxFile): Promise<Taken> {
  // An address to put a file to may outlive its person.
  if ((await readTombstone(runtime.state, file.user)) !== undefined) {
    await inbox.remove(file);
    return { outcome: 'gone', objects: 0 };
  }
  const owner = await ownerOf(runtime, file);
  await inbox.note(file, owner.ok ? undefined : owner.reason);
  if (!owner.ok) return { outcome: 'waiting', objects: 0 };
  await beginUpload(runtime, file.uploadId);
  const end = await readAndImport(runtime, inbox, file, owner.user);
  if (end === 'gone') return { outcome: 'gone', objects: 0 };
  // Told before it is moved: what ends in between leaves a file that is a duplicate, and not one nobody knows of.
  await endUpload(runtime, file.uploadId, end);
  if (end.refusal === null) await inbox.remove(file);
  else await inbox.refuse(file, inWords(end.refusal));
  return { outcome: end.refusal === null ? 'imported' : 'refused', objects: end.report?.objects ?? 0 };
}

async function readAndImport(runtime: InboxRuntime, inbox: Inbox, file: InboxFile, user: User): Promise<End | 'gone'> {
  const tooLarge = tooLargeHere(runtime, file.bytes);
  if (tooLarge !== undefined) return { report: null, refusal: tooLarge };
  const bytes = await inbox.read(file);
  if (bytes === undefined) return 'gone';
  const said = await findUpload(runtime, file.uploadId);
  const { type, units, external_id: externalId } = said ?? {};
  const files = [{ name: file.name, bytes }];
  try {
    const request = { provider: file.provider, user, files, type, units, externalId };
    const { refused, ...report } = await importFiles(runtime, request);
    const [refusal] = refused;
    if (refusal === undefined) return { report, refusal: null };
    const { file: _, ...why } = refusal;
    return { report: null, refusal: why };
  } catch (error) {
    // A provider without files to import is one folder's mistake, and no reason to leave the others.
    if (!(error instanceof WellspringError) || error.status >= 500) throw error;
    const { code, message: detail, remedy } = error;
    return { report: null, refusal: { code, detail, ...(remedy === undefined ? {} : { remedy }) } };
  }
}

type End = Pick<HandedIn, 'report' | 'refusal'>;
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
