import { createHash } from 'node:crypto';
import { Zip, ZipDeflate } from 'fflate';
import type { Sink } from '../../ports/exports/exports.ts';
import { WellspringError } from '../errors.ts';

/** A file of the archive, as the manifest names it. */
export interface Entry {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What the format's 16 bits for files and 32 bits for bytes can tell: beyond it the library would write numbers that are not so. */
const MOST = { entries: 65_000, bytes: 4_000_000_000 };

/** A ZIP file written while it is made: in memory is one block at a time. */
export interface Archive {
  /** Adds a file from its blocks; throws `export_too_large`. */
  add(path: string, blocks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  readonly entries: readonly Entry[];
  /** Writes what ends the file. */
  end(): Promise<void>;
}

/** `now` (Unix ms) is the date of every entry; `most`: of all entries and of the archive, and of each file before it is packed. */
export function createArchive(sink: Sink, now: number, most = MOST): Archive {
  const ready: Uint8Array[] = [];
  const entries: Entry[] = [];
  let failed: unknown;
  let written = 0;
  const zip = new Zip((error, bytes) => {
    if (error) failed = error;
    else ready.push(bytes);
  });

  async function flush(): Promise<void> {
    if (failed !== undefined) throw failed;
    for (const bytes of ready.splice(0)) {
      written += bytes.byteLength;
      await sink(bytes);
    }
    if (entries.length > most.entries || written > most.bytes) throw tooLarge();
  }

  return {
    entries,
    async add(path, blocks) {
      const file = new ZipDeflate(path, { level: 6 });
      file.mtime = now;
      zip.add(file);
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const block of blocks) {
        hash.update(block);
        bytes += block.byteLength;
        if (bytes > most.bytes) throw tooLarge();
        file.push(block);
        await flush();
      }
      file.push(new Uint8Array(), true);
      entries.push({ path, bytes, sha256: hash.digest('hex') });
      await flush();
    },
    async end() {
      zip.end();
      await flush();
    },
  };
}

function tooLarge(): WellspringError {
  return new WellspringError({
    code: 'export_too_large',
    message: 'There is more than fits into one ZIP file.',
    detail: 'A ZIP file holds 65,000 files and 4 GB. Nothing was written.',
    remedy: 'Copy raw/, uploads/ and lake/ of the data directory instead: they hold everybody’s data.',
    status: 413,
    exit: 4,
  });
}
