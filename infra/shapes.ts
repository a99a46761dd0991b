import type { FunctionName } from '../handlers/environment.ts';

export interface Shape {
  /** What it does, in a sentence. */
  readonly description: string;
  /** A whole processor comes with 1769 MB, a share of it with less. */
  readonly memoryMb: number;
  readonly timeoutS: number;
  /** Room for files in MB; 512 are free, and each function has them. */
  readonly diskMb?: number;
}

/**
 * Every function of the stack. None reserves places of the account's: a new account has ten in all, and AWS then refuses the first one.
 * What may run once at a time holds a lease.
 */
export const shapes: Readonly<Record<FunctionName, Shape>> = {
  receive: { description: 'Takes deliveries in: verified, stored, then acknowledged.', memoryMb: 512, timeoutS: 5 },
  // The API waits for 30 s at most.
  web: { description: 'Connecting, the API and the pages.', memoryMb: 1024, timeoutS: 29 },
  collect: { description: 'Fetches what notices told of and what schedules ask for.', memoryMb: 512, timeoutS: 300 },
  import: { description: 'Reads uploaded files and what was dropped into the inbox.', memoryMb: 1769, timeoutS: 900 },
  readings: {
    description: 'After a batch: the changed days for pages and API, and what is new.',
    memoryMb: 512,
    timeoutS: 300,
  },
  summarize: {
    description: 'Sends the morning text, once a person and day, and tells of silence.',
    memoryMb: 512,
    timeoutS: 300,
  },
  sweep: { description: 'Finds what no event told of.', memoryMb: 512, timeoutS: 600 },
  forget: { description: 'Deletes everything of a person, in all versions.', memoryMb: 1024, timeoutS: 900 },
  export: { description: "Builds the ZIP of one person's data.", memoryMb: 1769, timeoutS: 900 },
  // Files of the tables a batch touches, and what outgrows memory.
  transform: {
    description: 'Makes tables of raw objects (small engine).',
    memoryMb: 1769,
    timeoutS: 900,
    diskMb: 4096,
  },
};

/** Units (DPU) of the job that calls `transform`: a sixteenth is the least Glue sells of a Python shell. */
export const CALLER_UNITS = 0.0625;
