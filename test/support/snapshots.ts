/** A history by hand: log and snapshots as `[Unix ms, id]`, the ids of branches and tags, and what was replaced before an instant. */
export interface History {
  readonly title: string;
  readonly log: readonly (readonly [number, number])[];
  readonly made: readonly (readonly [number, number])[];
  readonly kept: readonly number[];
  readonly before: number;
  readonly ended: readonly number[];
}

const THREE = [
  [100, 1],
  [200, 2],
  [300, 3],
] as const;

/** The log begins behind what replaced 1. */
const LOST: Pick<History, 'log' | 'made' | 'kept'> = {
  log: [
    [300, 3],
    [400, 4],
  ],
  made: [
    [100, 1],
    [300, 3],
    [400, 4],
  ],
  kept: [4],
};

/** Both engines end the same snapshots. */
export const HISTORIES: readonly History[] = [
  // 1 was replaced at 200 and 2 at 300, however old they are: at 300 the second was there for readers until right now.
  { title: 'replaced before it', log: THREE, made: THREE, kept: [3], before: 300, ended: [1] },
  { title: 'replaced right then', log: THREE, made: THREE, kept: [3], before: 200, ended: [] },
  { title: 'all but the current one', log: THREE, made: THREE, kept: [3], before: 9999, ended: [1, 2] },
  { title: 'a tag', log: THREE, made: THREE, kept: [3, 1], before: 9999, ended: [2] },
  {
    // Readers saw 2 again from 400 on, until 500; 3 until 400.
    title: 'one that was rolled back to',
    log: [...THREE, [400, 2], [500, 4]],
    made: [...THREE, [500, 4]],
    kept: [4],
    before: 500,
    ended: [1, 3],
  },
  {
    // Its tag was dropped long behind the end of 2, which took the log before itself along: of what there is, 3 is the next, at 300.
    title: 'one the log has lost',
    ...LOST,
    before: 300,
    ended: [],
  },
  {
    title: 'one the log has lost, a moment later',
    ...LOST,
    before: 301,
    ended: [1],
  },
  // Staged beside the branch and never current, with nothing behind it: its own age is all there is.
  {
    title: 'one that was never current',
    log: [[100, 1]],
    made: [
      [100, 1],
      [200, 2],
    ],
    kept: [1],
    before: 201,
    ended: [2],
  },
  // Two commits of one millisecond: 2 was what readers saw until 300.
  {
    title: 'two of one millisecond',
    log: [
      [200, 1],
      [200, 2],
      [300, 3],
    ],
    made: [
      [200, 1],
      [200, 2],
      [300, 3],
    ],
    kept: [3],
    before: 300,
    ended: [1],
  },
];
