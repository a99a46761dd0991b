import type { NamedQuery, Row } from '../ports/warehouse/warehouse.ts';
import { numberOf, textOf } from './cells.ts';
import { contributionsTo, OF_ANY_SOURCE, type Contribution } from './contributions.ts';
import { WellspringError } from './errors.ts';
import { metricOf } from './metrics.ts';
import { readEvidence, type Evidence, uniquePlaces } from './explain/evidence.ts';
import { ruleSentence } from './rules.ts';
import type { Runtime } from './runtime.ts';

/** Where one day value came from (contract 10). */
export interface Explanation {
  readonly user_id: string;
  readonly local_date: string;
  readonly metric: string;
  readonly value: number | null;
  readonly unit: string;
  /** How one value was made of several, in words. */
  readonly rule: string;
  /** The source that counted, as in `candidates`. */
  readonly winner: string | null;
  /** What each source would have said, in order of priority; `counted` is what of it went into the value. */
  readonly candidates: readonly {
    readonly source: string;
    readonly account: string;
    readonly value: number | null;
    readonly counted: number | null;
    readonly raw_keys: readonly string[];
  }[];
  readonly evidence: readonly Evidence[];
  /** Number of pieces there are; `evidence` holds the first of them. */
  readonly evidence_total: number;
}

const said: NamedQuery = {
  name: 'explain.value',
  sql: 'select value, unit from daily_metrics where user_id = $user_id and local_date = cast($day as date) and metric = $metric',
};
const sources: NamedQuery = {
  name: 'explain.candidates',
  sql: `select source, provider, account, device, value, counted, is_winner, rank from daily_candidates
    where user_id = $user_id and local_date = cast($day as date) and metric = $metric order by rank`,
};
const sameDay: NamedQuery = {
  name: 'explain.same_day',
  sql: 'select metric from daily_metrics where user_id = $user_id and local_date = cast($day as date) order by metric',
};
const otherDays: NamedQuery = {
  name: 'explain.other_days',
  sql: `select min(local_date) as first_day, max(local_date) as last_day from daily_metrics
    where user_id = $user_id and metric = $metric group by metric`,
};

async function nothing(
  { warehouse }: Pick<Runtime, 'warehouse'>,
  values: { readonly user_id: string; readonly day: string; readonly metric: string },
): Promise<WellspringError> {
  const { user_id, day, metric } = values;
  const metrics = (await warehouse.run(sameDay, { user_id, day })).map((row) => textOf(row['metric']));
  const [days] = await warehouse.run(otherDays, { user_id, metric });
  const detail = [
    metrics.length === 0 ? `There is nothing on ${day}.` : `On ${day} there are: ${metrics.join(', ')}.`,
    days === undefined
      ? `There is no ${metric} on any day.`
      : `There is ${metric} from ${textOf(days['first_day'])} to ${textOf(days['last_day'])}.`,
  ].join(' ');
  return new WellspringError({
    code: 'nothing_to_explain',
    message: `There is no ${metric} on ${day}.`,
    detail,
    remedy: 'Ask for a day and a metric that are there; what just arrived is there after the next batch.',
    status: 404,
    exit: 1,
  });
}

/** Of the values of one metric and source those that made its figure: its total where it knows the whole day, else the parts. */
function believed(candidate: Row, given: readonly Contribution[], rule: string): readonly Contribution[] {
  const daily = given.filter((part) => part.kind === 'daily');
  const rest = given.filter((part) => part.kind !== 'daily');
  if (rule === 'SUM' || rule === 'TOTAL') return daily.length > 0 ? daily : rest;
  if (rule === 'SUMI') return daily.length > 0 && candidate['rank'] === 1 ? daily : [...daily, ...rest];
  const sessions = rest.filter((part) => part.kind === 'session');
  if (rule === 'NIGHT' && sessions.length > 0) return sessions;
  return rest.length > 0 ? rest : daily;
}

/** What made a source's figure: what it gave of the metric, else of each metric that one is made from. */
function partsOf(
  candidate: Row,
  all: readonly Contribution[],
  { metric, rule }: { readonly metric: string; readonly rule: string },
): readonly Contribution[] {
  const mine = all.filter(
    (part) =>
      part.provider === candidate['provider'] &&
      part.account === candidate['account'] &&
      part.device === textOf(candidate['device']),
  );
  const own = mine.filter((part) => part.metric === metric);
  if (own.length > 0) return believed(candidate, own, rule);
  const shared = all.filter((part) => OF_ANY_SOURCE.has(part.metric));
  const theirs = mine.filter((part) => !OF_ANY_SOURCE.has(part.metric));
  const metrics = [...new Set(theirs.map((part) => part.metric))];
  const made = metrics.flatMap((name) =>
    believed(
      candidate,
      theirs.filter((part) => part.metric === name),
      rule,
    ),
  );
  return [...made, ...shared];
}

/**
 * The value of a metric on a local day, what every source would have said, the rule that chose, and the provider's own text.
 * `nothing_to_explain` (404, exit 1) when there is no such value, saying what there is.
 */
export async function explain(
  runtime: Pick<Runtime, 'warehouse' | 'objects'>,
  question: { readonly userId: string; readonly day: string; readonly metric: string },
): Promise<Explanation> {
  const values = { user_id: question.userId, day: question.day, metric: question.metric };
  const [row] = await runtime.warehouse.run(said, values);
  if (row === undefined) throw await nothing(runtime, values);
  const rule = metricOf(question.metric).day_rule;
  const candidates = await runtime.warehouse.run(sources, values);
  const given = await contributionsTo(runtime, { ...question, rule });
  const explained = candidates.map((candidate) => ({
    candidate,
    parts: partsOf(candidate, given, { metric: question.metric, rule }),
  }));
  const counted = explained.filter(
    ({ candidate }) => candidate['is_winner'] === true || numberOf(candidate['counted']),
  );
  const places = counted.flatMap(({ parts }) => parts);
  const unique = uniquePlaces(places);
  return {
    user_id: question.userId,
    local_date: question.day,
    metric: question.metric,
    value: numberOf(row['value']),
    unit: textOf(row['unit']),
    rule: ruleSentence(rule),
    winner: textOf(candidates.find((candidate) => candidate['is_winner'] === true)?.['source']) || null,
    candidates: explained.map(({ candidate, parts }) => ({
      source: textOf(candidate['source']),
      account: textOf(candidate['account']),
      value: numberOf(candidate['value']),
      counted: numberOf(candidate['counted']),
      raw_keys: [...new Set(parts.map((part) => part.raw_key))],
    })),
    evidence: await readEvidence(runtime, unique),
    evidence_total: unique.length,
  };
}
