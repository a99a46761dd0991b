import type { Runtime } from '../runtime.ts';
import type { Connection } from '../tie.ts';

/** How long a person has to say which account is meant. */
const CHOICE_MS = 10 * 60_000;

/** A grant for another account than the one that is connected: its tokens wait in the vault under the connection they would be of. */
export interface Choice {
  /** Names the choice in its form, so that an old page does not answer a newer question. */
  readonly id: string;
  readonly connection: Connection;
  /** The provider's id of the account that is connected. */
  readonly before: string;
  /** The command line's ticket the flow was started with. */
  readonly ticket: string | null;
}

interface Offered extends Choice {
  readonly offered_at: number;
}

type ChoiceRuntime = Pick<Runtime, 'state' | 'clock'>;

/** `browser`: the hash of the cookie of the browser that is asked. A choice it had not made is left to the tidying. */
export async function offerChoice(runtime: ChoiceRuntime, browser: string, choice: Choice): Promise<void> {
  await runtime.state.put('choice', `${browser}.${choice.id}`, { ...choice, offered_at: runtime.clock.now() });
}

/** The newest choice of a browser; undefined when there is none, or when its time is over. */
export async function readChoice(runtime: ChoiceRuntime, browser: string): Promise<Choice | undefined> {
  const offered = (await runtime.state.list<Offered>('choice', `${browser}.`)).map(({ value }) => value);
  const open = offered.filter((one) => !isOver(one, runtime.clock.now()));
  return open.toSorted((a, b) => b.offered_at - a.offered_at)[0];
}

/** Takes a choice, once; undefined when it was taken, or when its time is over. */
export async function takeChoice(runtime: ChoiceRuntime, browser: string, id: string): Promise<Choice | undefined> {
  const found = await runtime.state.get<Offered>('choice', `${browser}.${id}`);
  if (found === undefined || isOver(found.value, runtime.clock.now())) return undefined;
  const taken = await runtime.state.delete('choice', found.id, { expect: found.version });
  return taken.ok ? found.value : undefined;
}

/** Choices nobody made in time, taken away. */
export async function takeOldChoices({ state, clock }: ChoiceRuntime): Promise<readonly Choice[]> {
  const old = (await state.list<Offered>('choice')).filter(({ value }) => isOver(value, clock.now()));
  const taken = await Promise.all(
    old.map(async ({ id, value, version }) =>
      (await state.delete('choice', id, { expect: version })).ok ? value : [],
    ),
  );
  return taken.flat();
}

/** Connections whose grant waits for an answer. */
export async function undecided(runtime: ChoiceRuntime): Promise<ReadonlySet<string>> {
  const offered = await runtime.state.list<Offered>('choice');
  return new Set(offered.map(({ value }) => value.connection.connection_id));
}

function isOver(choice: Offered, now: number): boolean {
  return now >= choice.offered_at + CHOICE_MS;
}
