import * as z from 'zod';
import type { ImportReport, Refusal } from '../../../app/import.ts';
import { WellspringError } from '../../../app/errors.ts';
import type { Server } from '../../stack/server.ts';
import { ask } from '../remote.ts';
import { until } from './until.ts';

/** What comes with a request; a larger file is put to an address of its own. */
const FORM_BYTES = 5_000_000;
const LOOK_MS = 1000;
/** A large file waits for its turn, and is read for minutes. */
const LONGEST_MS = 30 * 60_000;

export interface ToHandIn {
  readonly provider: string;
  readonly userId: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
  /** What is said about them: `type`, `units`, `external_id`. */
  readonly said: Readonly<Record<string, string>>;
}

const begun = z.object({ upload_id: z.string() });
const place = begun.extend({ put_url: z.string(), headers: z.record(z.string(), z.string()) });
const became = z.object({
  state: z.enum(['waiting', 'importing', 'imported', 'refused']),
  report: z.object({ objects: z.number(), duplicates: z.number(), warnings: z.array(z.string()) }).nullable(),
  refusal: z.object({ code: z.string(), detail: z.string(), remedy: z.string().optional() }).nullable(),
});

/** Hands files to a server and waits until it has imported or refused each. Throws `timed_out` (exit 9) when that takes half an hour. */
export async function importThere(server: Server, wanted: ToHandIn, signal: AbortSignal): Promise<ImportReport> {
  const handed: { readonly file: string; readonly id: string }[] = [];
  for (const file of wanted.files) handed.push({ file: file.name, id: await handIn(server, wanted, file) });
  const [report, warnings]: [{ objects: number; duplicates: number }, string[]] = [{ objects: 0, duplicates: 0 }, []];
  const refused: Refusal[] = [];
  for (const { file, id } of handed) {
    const { report: said, refusal } = await endOf(server, id, signal);
    if (refusal !== null) {
      const { remedy, ...why } = refusal;
      refused.push({ file, ...why, ...(remedy !== undefined && { remedy }) });
    }
    report.objects += said?.objects ?? 0;
    report.duplicates += said?.duplicates ?? 0;
    warnings.push(...(said?.warnings ?? []));
  }
  return { ...report, refused, warnings };
}

async function handIn(server: Server, wanted: ToHandIn, { name, bytes }: ToHandIn['files'][number]): Promise<string> {
  const { provider, userId, said } = wanted;
  const parameters = { user_id: userId };
  if (bytes.byteLength <= FORM_BYTES) {
    const body = new FormData();
    body.set('file', new File([bytes], name));
    for (const [field, value] of Object.entries(said)) body.set(field, value);
    const path = `/api/v1/import/${encodeURIComponent(provider)}`;
    return (await ask(server, path, begun, { method: 'POST', parameters, body })).upload_id;
  }
  const body = { provider, name, bytes: bytes.byteLength, ...said };
  const given = await ask(server, '/api/v1/uploads', place, { method: 'POST', parameters, body });
  // The address is the proof, and in a stack it is the bucket's: the token has no business there.
  const { put_url: url, headers } = given;
  const answer = await fetch(url, { method: 'PUT', body: bytes, headers }).catch(() => undefined);
  if (answer?.ok !== true) throw notSent(name);
  return given.upload_id;
}

function endOf(server: Server, id: string, signal: AbortSignal) {
  const look = async () => {
    const found = await ask(server, `/api/v1/uploads/${id}`, became);
    return found.state === 'imported' || found.state === 'refused' ? found : undefined;
  };
  return until(look, {
    everyMs: LOOK_MS,
    forMs: LONGEST_MS,
    signal,
    message: 'The files were handed in and are not imported yet.',
    remedy: 'It goes on by itself; run it again later, which is safe.',
  });
}

function notSent(name: string): WellspringError {
  return new WellspringError({
    code: 'file_not_sent',
    message: `${name} did not arrive.`,
    remedy: 'Run it again; what arrived is known.',
    exit: 4,
  });
}
