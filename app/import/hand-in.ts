import type { Inbox, UploadLink } from '../../ports/inbox/inbox.ts';
import { WellspringError } from '../errors.ts';
import { sha256Hex } from '../keys.ts';
import { providerNamed } from '../provider.ts';
import type { Runtime } from '../runtime.ts';
import { noImport } from './none.ts';
import { mostBytes, tooLargeHere } from './size.ts';
import { dropUpload, expectUpload, findUpload, type HandedIn, type Said } from './upload.ts';

export type HandInRuntime = Pick<Runtime, 'state' | 'clock' | 'ids' | 'publicUrl' | 'importBytes'> & {
  readonly inbox: Inbox;
};

/** A file of a person for a provider, and what is said about it. */
export interface ToCome extends Said {
  readonly provider: string;
  readonly user_id: string;
  readonly name: string;
}

/** Where to put a file, and until when (Unix ms). */
export interface Address extends UploadLink {
  readonly upload: HandedIn;
  readonly expires_at: number;
}

/** The addresses this program gives itself: under `upload-address/<hash of its secret>`. */
const KIND = 'upload-address';
const ADDRESS_S = 3600;

/** Takes a file in that came with the request; it is imported by whoever looks into the inbox. Throws `unknown_provider`, `no_import`, `too_large_here`. */
export async function handIn(runtime: HandInRuntime, file: ToCome, bytes: Uint8Array): Promise<HandedIn> {
  const upload = await expected(runtime, file, bytes.byteLength);
  try {
    await runtime.inbox.keep(placeOf(upload), one(bytes), bytes.byteLength);
    return upload;
  } catch (error) {
    await dropUpload(runtime, upload.upload_id);
    throw error;
  }
}

/** An address that takes a file of `bytes` bytes once within an hour. Throws what `handIn` throws. */
export async function giveAddress(runtime: HandInRuntime, file: ToCome, bytes: number): Promise<Address> {
  const upload = await expected(runtime, file, bytes);
  const expires_at = runtime.clock.now() + ADDRESS_S * 1000;
  const link = await runtime.inbox.link?.(placeOf(upload), { bytes, forS: ADDRESS_S });
  if (link !== undefined) return { upload, expires_at, ...link };
  const secret = runtime.ids.secret(32);
  const kept = { upload_id: upload.upload_id, user_id: upload.user_id };
  await runtime.state.put(KIND, sha256Hex(secret), kept, { expect: 0, expiresAt: expires_at });
  return { upload, expires_at, url: `${runtime.publicUrl}/uploads/${secret}`, headers: {} };
}

/** Takes a file in at an address of our own, block by block; undefined for an address that is used, over, or never was. */
export async function putFile(
  runtime: HandInRuntime,
  secret: string,
  blocks: AsyncIterable<Uint8Array>,
): Promise<'kept' | 'taken' | 'too_large' | undefined> {
  const address = sha256Hex(secret);
  const found = (await runtime.state.get<{ readonly upload_id: string }>(KIND, address))?.value;
  const upload = await findUpload(runtime, found?.upload_id);
  if (upload === undefined) return undefined;
  const outcome = await runtime.inbox.keep(placeOf(upload), blocks, mostBytes(runtime));
  // One that broke off may be sent again.
  if (outcome === 'kept') await runtime.state.delete(KIND, address);
  return outcome;
}

async function expected(runtime: HandInRuntime, file: ToCome, bytes: number): Promise<HandedIn> {
  const provider = providerNamed(file.provider);
  if (provider.import === undefined) throw noImport(provider);
  const refusal = tooLargeHere(runtime, bytes);
  if (refusal !== undefined) {
    const { code, detail, remedy } = refusal;
    throw new WellspringError({
      code,
      message: 'The file is too large.',
      detail,
      ...(remedy && { remedy }),
      status: 413,
    });
  }
  return expectUpload(runtime, { ...file, provider: provider.id, name: tame(file.name) });
}

/** A name from outside as one segment that is taken for a whole file. */
function tame(name: string): string {
  const plain = (name.split(/[\\/]/).at(-1) ?? '').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  const short = plain.slice(-100) || 'file';
  // What looks unfinished, or like a note of ours, would never be taken up.
  return /\.(part|partial|crdownload|download|tmp)$|(^|\.)problem\.txt$/i.test(short) ? `${short}_` : short;
}

function placeOf({ provider, user_id: user, upload_id: uploadId, name }: HandedIn) {
  return { provider, user, uploadId, name };
}

async function* one(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
