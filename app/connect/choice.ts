import type { Versioned } from '../../ports/state/state.ts';
import type { Runtime } from '../runtime.ts';
import type { Connection } from '../tie.ts';

/** How long a person has to say which account is meant. */
const CHOICE_MS = 10 * 60_000;

/**
 * A grant for another account than the one that is connected: its tokens wait in the vault under the connection they would be of. Of one
 * person and account there is one at a time. Kept under `<hash of the browser's cookie>.<id>`, written and taken only inside `exclusively`.
 */
export interface Choice {
  /** Names the choice in its form, so that an old page does not answer a newer question. */
  readonly id: string;
  readonly connection: Connection;
  /** The provider's id of the account that is connected. */
  readonly before: string;
  /** The command line's ticket the flow was started with. */
  readonly ticket: string | null;
  /** Unix ms; what was granted was learned then. */
  readonly offered_at: number;
}

type Open = Versioned<Choice>;
type ChoiceRuntime = Pick<Runtime, 'state' | 'clock'>;

/** `browser`: the hash of the cookie of the browser that is asked. A choice it had not made is left to the tidying. */
export async function offerChoice({ state }: ChoiceRuntime, browser: string, choice: Choice): Promise<void> {
  await state.put('choice', `${browser}.${choice.id}`, choice);
}

/** The newest choice of a browser at one provider; undefined when there is none, or when its time is over. */
export async function readChoice(
  { state, clock }: ChoiceRuntime,
  provider: string,
  browser: string,
): Promise<Choice | undefined> {
  const offered = (await state.list<Choice>('choice', `${browser}.`)).map(({ value }) => value);
  const open = offered.filter((one) => one.connection.provider === provider && !isOver(one, clock.now()));
  return open.toSorted((a, b) => b.offered_at - a.offered_at)[0];
}

/** A choice by its id; undefined when it was made, or when its time is over. */
export async function choiceNamed(
  { state, clock }: ChoiceRuntime,
  browser: string,
  id: string,
): Promise<Open | undefined> {
  const found = await state.get<Choice>('choice', `${browser}.${id}`);
  return found === undefined || isOver(found.value, clock.now()) ? undefined : found;
}

/** What a person is asked about an account, in whatever browser. */
export async function choiceOf(
  runtime: Pick<Runtime, 'state'>,
  { account, user_id }: Pick<Connection, 'account' | 'user_id'>,
): Promise<Open | undefined> {
  const all = await everyChoice(runtime);
  return all.find(({ value: { connection: one } }) => one.account === account && one.user_id === user_id);
}

/** Choices nobody made in time. */
export async function oldChoices(runtime: ChoiceRuntime): Promise<readonly Open[]> {
  return (await everyChoice(runtime)).filter(({ value }) => isOver(value, runtime.clock.now()));
}

/** Connections whose grant waits for an answer, everybody's. */
export async function undecided(runtime: Pick<Runtime, 'state'>): Promise<readonly Connection[]> {
  return (await everyChoice(runtime)).map(({ value }) => value.connection);
}

export async function dropChoice({ state }: Pick<Runtime, 'state'>, { id }: Open): Promise<void> {
  await state.delete('choice', id);
}

function everyChoice({ state }: Pick<Runtime, 'state'>): Promise<readonly Open[]> {
  return state.list<Choice>('choice');
}

function isOver(choice: Choice, now: number): boolean {
  return now >= choice.offered_at + CHOICE_MS;
}
