import type { Operation } from './operations.ts';

/** Names that `transform` and the engine tell as they go; those from `committed` on come after the switch. */
export const STEPS = {
  before: ['lease', 'listed', 'read', 'modelled', 'audited', 'staged', 'manifest'],
  after: ['committed', 'linked', 'published'],
} as const;

/** A moment between two steps, by the change of the disk it lies before or after. */
export interface Point {
  readonly when: 'before' | 'after' | 'once a file is there';
  readonly operation: Operation;
  readonly paths: RegExp;
  /** Which of the operations that fit; the first when absent. */
  readonly occurrence?: number;
}

export const BEFORE_SWITCH: Readonly<Record<string, Point>> = {
  'a table file is being written': {
    when: 'once a file is there',
    operation: 'mkdir',
    paths: /staging\/\w+\/records$/,
  },
  'a table file is written and has no name yet': {
    when: 'before',
    operation: 'rename',
    paths: /\.parquet$/,
    occurrence: 9,
  },
  'a table file has got its name': { when: 'after', operation: 'rename', paths: /\.parquet$/, occurrence: 9 },
  'the manifest is opened and empty': { when: 'after', operation: 'open', paths: /manifests\/\w+\.json w$/ },
  'the next pointer is opened and empty': { when: 'after', operation: 'open', paths: /current\.next/ },
  'the pointer is about to be renamed': { when: 'before', operation: 'renameSync', paths: /current$/ },
};

export const AFTER_SWITCH: Readonly<Record<string, Point>> = {
  'the pointer is renamed and the lease not given back': { when: 'after', operation: 'renameSync', paths: /current$/ },
  'the folders for other tools are half linked': {
    when: 'after',
    operation: 'rename',
    paths: /tables\/\.\w+\.next/,
    occurrence: 3,
  },
};

/** A point only a batch comes to that follows a dead one. */
export const WHILE_HEALING = 'the files of a dead batch are half removed';

export const POINTS: Readonly<Record<string, Point>> = {
  ...BEFORE_SWITCH,
  ...AFTER_SWITCH,
  [WHILE_HEALING]: { when: 'after', operation: 'rm', paths: /\.parquet$/, occurrence: 2 },
};
