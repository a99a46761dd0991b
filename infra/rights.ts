import type { FunctionName } from '../handlers/environment.ts';
import { erases, gets, lists, listsBelow, marks, puts, putsParts, removes } from './objects.ts';
import type { Parts } from './parts.ts';
import type { Grant } from './policy.ts';

/** Where something of a person can lie in the raw bucket. */
const HELD = ['raw/', 'uploads/', 'inbox/', 'refused/'];

/** Tables, what runs leave for others, and the marker of the batch under way, which the next run clears away if it died. */
const COMPUTED = ['tables/', 'runs/', 'open/'];

/** What each function may do, and nothing else: read it beside what each is for (`shapes.ts`). */
export function rightsOf(parts: Parts): Readonly<Record<FunctionName, readonly Grant[]>> {
  const { lake, catalog, bus, state, vault, athena, summary, transform, work } = parts;
  const { raw, tables, results } = lake;
  const [publish, verify, hold, start] = [bus.publish(), vault.verify(), vault.hold(), transform.workflow.start()];
  const look = vault.look();
  const readRaw = [gets('Raw', raw, 'raw/'), lists('Raw', raw)];
  // The markers `receive` reads: empty objects that come and go.
  const deny = erases('Denied', raw, 'denied/');
  const runs = lake.inTables(gets('Runs', tables, 'runs/'), lists('Runs', tables));
  const fetch = [
    lake.inRaw(puts('Raw', raw, 'raw/', 'denied/'), ...readRaw, ...deny),
    state.write(),
    publish,
    verify,
    hold,
  ];
  return {
    receive: [
      lake.inRaw(puts('Raw', raw, 'raw/', 'refused/', 'selftest/'), listsBelow('Denied', raw, 'denied/')),
      publish,
      verify,
    ],
    web: [
      lake.inRaw(puts('Raw', raw, 'raw/', 'inbox/', 'denied/'), ...readRaw, ...deny),
      lake.inResults(gets('Exports', results, 'exports/')),
      runs,
      state.write(),
      state.copy(),
      athena.ask(),
      publish,
      start,
      verify,
      hold,
      vault.own(),
      summary.subscribe(),
    ],
    collect: [...fetch, work.take()],
    import: [
      lake.inRaw(
        puts('Raw', raw, 'raw/', 'uploads/', 'refused/', 'inbox/'),
        gets('Raw', raw, 'raw/', 'uploads/', 'inbox/'),
        lists('Raw', raw),
        ...erases('Inbox', raw, 'inbox/'),
      ),
      state.write(),
      publish,
      verify,
    ],
    // The morning text says which connection needs its person: that is seen in its grant.
    readings: [runs, state.write(), state.copy(), athena.ask(), look, publish, summary.publish()],
    summarize: [state.write(), athena.ask(), look, publish, summary.publish()],
    sweep: [...fetch, runs, state.copy(), start],
    // The only one that removes what is kept of people, in all versions.
    forget: [
      lake.inRaw(
        puts('Raw', raw, 'raw/', 'denied/'),
        gets('Raw', raw, ...HELD),
        lists('Raw', raw),
        ...erases('Raw', raw, ...HELD, 'denied/'),
      ),
      lake.inTables(
        puts('Runs', tables, 'runs/'),
        marks('Runs', tables, 'runs/'),
        gets('Runs', tables, 'runs/'),
        ...erases('Tables', tables, 'runs/', 'tables/'),
      ),
      lake.inResults(...erases('Results', results, '')),
      state.write(),
      state.copy(),
      athena.ask(),
      publish,
      start,
      transform.eraser.start(),
      verify,
      hold,
      summary.unsubscribe(),
    ],
    export: [
      lake.inRaw(gets('Raw', raw, 'raw/', 'uploads/'), lists('Raw', raw)),
      lake.inResults(
        putsParts('Exports', results, 'exports/', 'unload/'),
        gets('Unload', results, 'unload/'),
        ...erases('Unload', results, 'unload/'),
      ),
      state.write(),
      athena.ask(),
    ],
    // What the Spark jobs may, and no more: the tables and what tells of runs.
    transform: [
      lake.inRaw(...readRaw),
      lake.inTables(
        gets('Lake', tables, ...COMPUTED),
        puts('Lake', tables, ...COMPUTED),
        removes('Lake', tables, ...COMPUTED),
        marks('Runs', tables, 'runs/'),
        lists('Lake', tables),
      ),
      catalog.commit(),
      state.batches(),
      publish,
    ],
  };
}
