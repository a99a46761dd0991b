import { open } from 'node:fs/promises';
import { WellspringError } from '../app/errors.ts';

/** A file in a ZIP file. */
export interface ZipEntry {
  readonly path: string;
  /** Before it was packed. */
  readonly bytes: number;
}

// PKWARE APPNOTE 4.3.12 and 4.3.16; numbers are little-endian.
const END = { signature: 0x06054b50, bytes: 22 };
const ENTRY = { signature: 0x02014b50, bytes: 46 };

/** What a ZIP file without a comment says it holds, in its order. Throws `export_broken` (exit 4) for one that does not end as it should. */
export async function readZipDirectory(path: string): Promise<readonly ZipEntry[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const read = async (at: number, bytes: number): Promise<Buffer> => {
      if (at < 0 || at + bytes > size) throw broken();
      const buffer = Buffer.alloc(bytes);
      const { bytesRead } = await file.read(buffer, 0, bytes, at);
      return bytesRead === bytes ? buffer : Promise.reject(broken());
    };
    const end = await read(size - END.bytes, END.bytes);
    if (end.readUInt32LE(0) !== END.signature) throw broken();
    const directory = await read(end.readUInt32LE(16), end.readUInt32LE(12));
    const entries: ZipEntry[] = [];
    for (let at = 0; at < directory.length;) {
      if (directory.length - at < ENTRY.bytes || directory.readUInt32LE(at) !== ENTRY.signature) throw broken();
      const [name, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
      const [from, bytes] = [at + ENTRY.bytes, directory.readUInt32LE(at + 24)];
      entries.push({ path: directory.toString('utf8', from, from + (name ?? 0)), bytes });
      at = from + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
    }
    if (entries.length !== end.readUInt16LE(10)) throw broken();
    return entries;
  } finally {
    await file.close();
  }
}

function broken(): WellspringError {
  return new WellspringError({
    code: 'export_broken',
    message: 'What came is not a whole ZIP file.',
    remedy: 'Run it again; it begins anew.',
    exit: 4,
  });
}
