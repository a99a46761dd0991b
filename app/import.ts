import type { ImportFile, Provider } from '../providers/kit/provider.ts';
import { chooseAccount } from './choose.ts';
import { type Connection, connectFile } from './connections.ts';
import { WellspringError } from './errors.ts';
import { noImport } from './import/none.ts';
import { sha256Hex, uploadKey } from './keys.ts';
import { storeParts } from './parts.ts';
import type { Units, User } from './people.ts';
import { providerNamed } from './provider.ts';
import type { Runtime } from './runtime.ts';
import { put } from './store.ts';
import { type Upload, rememberUpload, sameUpload, warningAbout } from './upload.ts';

export interface ImportRequest {
  readonly provider: string;
  readonly user: Pick<User, 'user_id' | 'units'>;
  readonly files: readonly Pick<ImportFile, 'name' | 'bytes'>[];
  /** What the files hold, where they do not say it themselves. */
  readonly type?: string | undefined;
  /** Default: the person's setting. */
  readonly units?: Units | undefined;
  /** Picks one account of a file that names several, or names the account of a file that names none. */
  readonly externalId?: string | undefined;
}

export interface Refusal {
  readonly file: string;
  readonly code: string;
  readonly detail: string;
  readonly remedy?: string;
}

/** `objects` are new, `duplicates` were stored before; of a refused file nothing was kept. */
export interface ImportReport {
  readonly objects: number;
  readonly duplicates: number;
  readonly refused: readonly Refusal[];
  readonly warnings: readonly string[];
}

/** What an import needs; the acknowledging path has less. */
export type ImportRuntime = Pick<Runtime, 'objects' | 'bus' | 'clock' | 'ids' | 'state' | 'denied'>;

type Refused = Omit<Refusal, 'file'> & { readonly ok: false };
type Outcome = (Omit<ImportReport, 'refused'> & { readonly ok: true }) | Refused;

/** The most a raw object of an import may hold (contract: raw object). */
const OBJECT_BYTES = 5_000_000;

/**
 * Imports export files or saved answers one after the other; one that is refused does not stop the others.
 * Throws `unknown_provider`, `no_import`, `storage_unavailable`.
 */
export async function importFiles(runtime: ImportRuntime, request: ImportRequest): Promise<ImportReport> {
  const provider = providerNamed(request.provider);
  const refused: Refusal[] = [];
  const warnings: string[] = [];
  let [objects, duplicates] = [0, 0];
  for (const { name: path, bytes } of request.files) {
    const name = path.split(/[\\/]/).at(-1) ?? path;
    const outcome = await importFile(runtime, provider, request, { name, bytes });
    if (outcome.ok) {
      objects += outcome.objects;
      duplicates += outcome.duplicates;
      warnings.push(...outcome.warnings);
    } else {
      const { ok: _, ...why } = outcome;
      refused.push({ file: name, ...why });
    }
  }
  return { objects, duplicates, refused, warnings };
}

async function importFile(
  runtime: ImportRuntime,
  provider: Provider,
  request: ImportRequest,
  file: ImportRequest['files'][number],
): Promise<Outcome> {
  const read = await reader(provider)(said(file, request));
  if (!read.ok) return read;
  const chosen = chooseAccount(read.parts, request.externalId, request.user.user_id);
  if (!chosen.ok) return chosen;
  const { externalId, parts } = chosen;
  if (parts.some((part) => Buffer.byteLength(part.text) > OBJECT_BYTES)) {
    return { ok: false, code: 'too_large', detail: 'A part of it is above 5 MB.', remedy: 'Import it in pieces.' };
  }
  // Tied before the objects are written: they belong to whoever has the account when they arrive.
  const tied = await tie(runtime, { provider: provider.id, external_id: externalId, user_id: request.user.user_id });
  if (!tied.ok) return tied;
  const { account } = tied.connection;
  const receivedAt = runtime.clock.now();
  const sha256 = sha256Hex(file.bytes);
  const same = await sameUpload(runtime, account, sha256);
  const key = same?.key ?? uploadKey({ receivedAt, provider: provider.id, account, sha256, name: file.name });
  await put(runtime, key, file.bytes);
  const counts = await storeParts(runtime, { provider: provider.id, externalId, parts, receivedAt, dataref: key });
  const upload: Upload = {
    name: file.name,
    key,
    imported_at: receivedAt,
    resources: [...new Set(parts.map((part) => part.resource))],
    from: read.span?.from ?? null,
    to: read.span?.to ?? null,
  };
  const warning = await warningAbout(runtime, { account, upload, same, isNew: counts.objects > 0 });
  if (counts.objects > 0 || same === undefined) await rememberUpload(runtime, account, sha256, upload);
  return { ok: true, ...counts, warnings: warning === undefined ? [] : [warning] };
}

function reader({ import: read, name }: Provider): NonNullable<Provider['import']> {
  if (read !== undefined) return read;
  throw noImport({ name });
}

function said(file: ImportRequest['files'][number], request: ImportRequest): ImportFile {
  const units = request.units ?? request.user.units;
  return {
    ...file,
    ...(request.type === undefined ? {} : { type: request.type }),
    ...(units === null ? {} : { units }),
  };
}

type Tied = { readonly ok: true; readonly connection: Connection } | Refused;

/** Somebody else's account is a fault of this file alone, so here it is an answer and not an exception. */
async function tie(runtime: ImportRuntime, wanted: Parameters<typeof connectFile>[1]): Promise<Tied> {
  try {
    return { ok: true, connection: await connectFile(runtime, wanted) };
  } catch (error) {
    if (!(error instanceof WellspringError) || error.code !== 'subject_conflict') throw error;
    const { code, message, remedy } = error;
    return { ok: false, code, detail: message, ...(remedy === undefined ? {} : { remedy }) };
  }
}
