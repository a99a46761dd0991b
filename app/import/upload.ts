import type { State, Versioned } from '../../ports/state/state.ts';
import type { ImportReport, Refusal } from '../import.ts';
import type { Units } from '../people.ts';
import type { Runtime } from '../runtime.ts';

/** What is said about a file that is handed in, as with `import`. */
export interface Said {
  readonly type?: string | undefined;
  readonly units?: Units | undefined;
  readonly external_id?: string | undefined;
}

/** A file handed in over HTTP, from the moment a place was given to it: under `handed-in/<upload id>` for a week. */
export interface HandedIn extends Said {
  readonly upload_id: string;
  readonly user_id: string;
  readonly provider: string;
  readonly name: string;
  /** Unix ms. */
  readonly asked_at: number;
  /** Unix ms: somebody imports it until then, or has died; null while nobody does. */
  readonly importing_until: number | null;
  readonly report: Omit<ImportReport, 'refused'> | null;
  readonly refusal: Omit<Refusal, 'file'> | null;
}

/** Where a file handed in stands: `waiting` for its bytes, or for somebody who imports it. */
export type Standing = 'waiting' | 'importing' | 'imported' | 'refused';

type UploadRuntime = Pick<Runtime, 'state' | 'clock'>;

const KIND = 'handed-in';
const WEEK_MS = 7 * 86_400_000;
/** Longer than a function of the cloud may take. */
const PATIENCE_MS = 16 * 60_000;

/** Notes a file that is to come. */
export async function expectUpload(
  { state, clock, ids }: UploadRuntime & Pick<Runtime, 'ids'>,
  file: Pick<HandedIn, 'user_id' | 'provider' | 'name'> & Said,
): Promise<HandedIn> {
  const open = { importing_until: null, report: null, refusal: null };
  const upload = { upload_id: ids.id('up', 16), asked_at: clock.now(), ...file, ...open };
  await write(state, upload, 0);
  return upload;
}

/** What was said about a file and what became of it; undefined for one nobody asked about within a week. */
export async function findUpload(
  { state }: Pick<Runtime, 'state'>,
  id: string | undefined,
): Promise<HandedIn | undefined> {
  return id === undefined ? undefined : (await state.get<HandedIn>(KIND, id))?.value;
}

/** Takes back that a file was to come. */
export async function dropUpload({ state }: Pick<Runtime, 'state'>, id: string): Promise<void> {
  await state.delete(KIND, id);
}

/** Says that somebody imports it now; nothing for a file that was dropped by hand. */
export async function beginUpload({ state, clock }: UploadRuntime, id: string | undefined): Promise<void> {
  const found = id === undefined ? undefined : await state.get<HandedIn>(KIND, id);
  if (found === undefined || isOver(found)) return;
  await write(state, { ...found.value, importing_until: clock.now() + PATIENCE_MS }, found.version);
}

/** Says what became of it. Who comes second with the same file does not change what the first said. */
export async function endUpload(
  { state }: Pick<Runtime, 'state'>,
  id: string | undefined,
  end: Pick<HandedIn, 'report' | 'refusal'>,
): Promise<void> {
  if (id === undefined) return;
  for (;;) {
    const found = await state.get<HandedIn>(KIND, id);
    if (found === undefined || isOver(found)) return;
    if ((await write(state, { ...found.value, ...end }, found.version)).ok) return;
  }
}

/** Where it stands at an instant in Unix ms. */
export function standingOf({ report, refusal, importing_until: until }: HandedIn, nowMs: number): Standing {
  if (refusal !== null) return 'refused';
  if (report !== null) return 'imported';
  return until !== null && until > nowMs ? 'importing' : 'waiting';
}

const isOver = ({ value }: Versioned<HandedIn>): boolean => value.report !== null || value.refusal !== null;

function write(state: Pick<State, 'put'>, upload: HandedIn, expect: number) {
  return state.put(KIND, upload.upload_id, upload, { expect, expiresAt: upload.asked_at + WEEK_MS });
}
