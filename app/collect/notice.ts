import { readEnvelope } from '../envelope.ts';
import { DAY_MS, type CollectRuntime } from './runtime.ts';

/** A notice by its raw key: what is to be done says its body, which is read only when it is not done. */
export interface Notice {
  readonly key: string;
  readonly date: string;
  readonly provider: string;
  readonly account: string;
  /** The second word of its type. */
  readonly resource: string;
  /** Unix ms. */
  readonly receivedAt: number;
}

/** A mark outlives its notice. */
const MARK_MS = 40 * DAY_MS;
const KIND = 'notice';

const KEY = /^raw\/(\d{4}-\d{2}-\d{2})\/([^/]+)\/([^/]+)\/(.+)-[0-9a-f]{64}\.(\d+)\.json$/;

/** The notice a raw key names (contract 4: it ends in the receive time); undefined for any other object. */
export function noticeOf(key: string): Notice | undefined {
  const [, date, provider, account, resource, ms] = KEY.exec(key) ?? [];
  if (date === undefined || provider === undefined || account === undefined || resource === undefined) return undefined;
  return { key, date, provider, account, resource, receivedAt: Number(ms) };
}

/** Those of these that are not finished. */
export async function unfinished(
  { state }: Pick<CollectRuntime, 'state'>,
  notices: readonly Notice[],
): Promise<readonly Notice[]> {
  const dates = [...new Set(notices.map(({ date }) => date))];
  const marks = await Promise.all(dates.map((date) => state.list(KIND, `raw/${date}/`)));
  const finished = new Set(marks.flat().map(({ id }) => id));
  return notices.filter(({ key }) => !finished.has(key));
}

/** Marks notices as finished: everything they asked for is stored, or refused for a reason that is noted. */
export async function finish(
  { state, clock }: Pick<CollectRuntime, 'state' | 'clock'>,
  notices: readonly Notice[],
): Promise<void> {
  const expiresAt = clock.now() + MARK_MS;
  for (const { key } of notices) await state.put(KIND, key, {}, { expiresAt });
}

/** The parsed data of a notice; undefined when it is gone or is no JSON. */
export async function readNotice({ objects }: Pick<CollectRuntime, 'objects'>, { key }: Notice): Promise<unknown> {
  const document = await objects.get(key);
  if (document === undefined) return undefined;
  const { data, encoding } = readEnvelope(document);
  return encoding === 'json' ? JSON.parse(data) : undefined;
}
