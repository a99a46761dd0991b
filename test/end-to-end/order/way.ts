import type { Chance } from '../../../local/sandbox/chance.ts';
import type { Statement } from './statements.ts';

export type Step =
  | { readonly kind: 'send'; readonly statement: number; readonly attempt: number }
  /** The next fact comes true. */
  | { readonly kind: 'fact' }
  | { readonly kind: 'batch'; readonly by: 'transform' | 'sweep' };

/** How the statements are put in order: as they happened, mixed, person by person, or as they happened with delays. */
export type Style = 'generated' | 'mixed' | 'grouped' | 'delayed';

/** One way to the tables: what is sent in which order, when batches run, and where the facts come true. */
export interface Way {
  readonly style: Style;
  readonly steps: readonly Step[];
}

/** How far a delayed statement falls behind, in statements. */
const DELAY = 400;
const AGAIN = 0.12;

const ranks: Readonly<Record<Style, (statement: Statement, at: number, chance: Chance, of: Chance) => number>> = {
  generated: (_, at) => at,
  mixed: (_statement, _at, chance) => chance.next(),
  // Those of one person come together, so that most batches touch few people.
  grouped: ({ parcel }, _, chance, of) => of.fork(`${parcel.person >> 1}`).next() + chance.next() / 20,
  delayed: (_, at, chance) => at + (chance.hit(0.2) ? chance.int(1, DELAY) : 0),
};

/** The positions of all statements in the order of a style; what must come first does. */
function inOrder(statements: readonly Statement[], style: Style, chance: Chance): number[] {
  const order: number[] = [];
  for (const [at, statement] of statements.entries()) {
    const earliest = Math.max(-1, ...statement.after.map((before) => order[before] ?? 0));
    // A little later than what it must follow: equal ranks would stand in the order of the list as well.
    order.push(Math.max(ranks[style](statement, at, chance, chance.fork('people')), earliest));
  }
  return [...order.keys()].toSorted((a, b) => (order[a] ?? 0) - (order[b] ?? 0) || a - b);
}

/** Some sendings a second time, at once or at any later point. */
function withRetries(order: readonly number[], chance: Chance): Step[] {
  const steps = order.map((statement, at): { at: number; step: Step } => ({
    at,
    step: { kind: 'send', statement, attempt: 1 },
  }));
  const again = steps.flatMap(({ at, step }) => {
    if (step.kind !== 'send' || !chance.hit(AGAIN)) return [];
    const times = chance.int(1, 2);
    return Array.from({ length: times }, (_, n) => ({
      at: chance.hit(0.4) ? at : at + chance.next() * (order.length - at),
      step: { ...step, attempt: n + 2 },
    }));
  });
  return [...steps, ...again].toSorted((a, b) => a.at - b.at).map(({ step }) => step);
}

function strew(steps: readonly Step[], extra: readonly Step[], chance: Chance): Step[] {
  const places = extra.map(() => chance.int(0, steps.length)).toSorted((a, b) => a - b);
  return [...steps, undefined].flatMap((step, at) => [
    ...extra.filter((_, n) => places[n] === at),
    ...(step === undefined ? [] : [step]),
  ]);
}

const facts = (count: number): Step[] => Array.from({ length: count }, () => ({ kind: 'fact' }));

/** Everything once, in the order it happened, and one batch at the end. */
export function referenceWay(statements: readonly Statement[], factCount: number, chance: Chance): Way {
  const sent = statements.map((_, statement): Step => ({ kind: 'send', statement, attempt: 1 }));
  const steps = strew(sent, facts(factCount), chance);
  return { style: 'generated', steps: [...steps, { kind: 'batch', by: 'transform' }] };
}

/** Another way with retries and 4 to 8 batches, one or more of them with nothing new; `by` starts them all, or either does. */
export function anyWay(
  statements: readonly Statement[],
  factCount: number,
  how: { readonly style: Style; readonly by?: 'transform' | 'sweep' },
  chance: Chance,
): Way {
  const batch = (): Step => ({ kind: 'batch', by: how.by ?? (chance.hit(0.5) ? 'transform' : 'sweep') });
  const sent = withRetries(inOrder(statements, how.style, chance.fork('order')), chance.fork('again'));
  const batches = Array.from({ length: chance.int(2, 3) }, batch);
  const steps = [...strew(strew(sent, facts(factCount), chance), batches, chance), batch()];
  const idle = Array.from({ length: chance.int(1, 4) }, () => chance.int(0, batches.length));
  let passed = -1;
  const withIdle = steps.flatMap((step) => {
    if (step.kind !== 'batch') return [step];
    passed += 1;
    return [step, ...idle.filter((place) => place === passed).map(batch)];
  });
  return { style: how.style, steps: withIdle };
}
