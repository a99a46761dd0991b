import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { linesOf, parsed } from '../lines.ts';
import { runRecord, type RunRecord } from '../run.ts';
import type { Place } from './place.ts';

/** A batch begun and not yet announced, as its marker says. */
export interface Opened {
  readonly batchId: string;
  readonly startedMs: number;
  /** Rows that changed so far, by table. */
  readonly tables: Readonly<Record<string, number>>;
  readonly modelVersion: string;
}

const marker = z.object({
  started_ms: z.number(),
  tables: z.record(z.string(), z.number()),
  model_version: z.string(),
});

type Pages = AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>;

async function* textsOf(pages: Pages): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What runs leave beside the tables: `open/<id>` while a batch is under way, `runs/<id>/…` for who reads what it changed. */
export interface Journal {
  /** The batches that were begun and not announced, the newest last. More than one only after runs that died. */
  opened(): Promise<readonly Opened[]>;
  open(opened: Opened): Promise<void>;
  /** The record of a run that got to its end. */
  finished(batchId: string): Promise<RunRecord | undefined>;
  /** NDJSON below `runs/<id>/`, a page of lines at a time; `passing` for lines with values. */
  writeLines(batchId: string, below: string, pages: Pages, passing: boolean): Promise<void>;
  /** The lines a run wrote, one by one, none when it wrote no such file. */
  readLines<T>(batchId: string, below: string, shape: z.ZodType<T>): AsyncIterable<T>;
  /** Makes a run finished: from here on it is only announced. */
  finish(record: RunRecord): Promise<void>;
  close(batchId: string): Promise<void>;
  /** Removes what a run that died left: another tells it again. */
  discard(batchId: string): Promise<void>;
}

/** `scratch`: a directory for a file of lines on its way. The first run of many people tells every row there is, more than one text can hold. */
export function createJournal(place: Place, scratch: string): Journal {
  const close = (batchId: string): Promise<void> => place.remove(`open/${batchId}`);
  return {
    async opened() {
      const found: Opened[] = [];
      for (const key of await place.list('open/')) {
        const text = await place.read(key);
        if (text === undefined) continue;
        const told = parsed(marker, text, key);
        const batchId = key.slice('open/'.length);
        found.push({ batchId, startedMs: told.started_ms, tables: told.tables, modelVersion: told.model_version });
      }
      return found;
    },
    async open({ batchId, startedMs, tables, modelVersion }) {
      const told = { started_ms: startedMs, tables, model_version: modelVersion };
      await place.write(`open/${batchId}`, JSON.stringify(told));
    },
    async finished(batchId) {
      const key = `runs/${batchId}/batch.json`;
      const text = await place.read(key);
      return text === undefined ? undefined : parsed(runRecord, text, key);
    },
    async writeLines(batchId, below, pages, passing) {
      const local = path.join(scratch, 'lines.ndjson');
      await writeFile(local, textsOf(pages));
      await place.put(local, `runs/${batchId}/${below}`, { passing });
      await rm(local);
    },
    async *readLines(batchId, below, shape) {
      const key = `runs/${batchId}/${below}`;
      const blocks = await place.stream(key);
      if (blocks === undefined) return;
      let at = 0;
      for await (const line of linesOf(blocks)) yield parsed(shape, line, `line ${(at += 1)} of ${key}`);
    },
    finish: (record) => place.write(`runs/${record.batch_id}/batch.json`, JSON.stringify(record)),
    close,
    async discard(batchId) {
      for (const key of await place.list(`runs/${batchId}/`)) await place.remove(key);
      await close(batchId);
    },
  };
}
