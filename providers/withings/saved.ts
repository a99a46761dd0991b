import * as z from 'zod';
import { readJson, withoutByteOrderMark } from '../kit/json.ts';
import type { ImportFile, ImportResult } from '../kit/provider.ts';

/** Where the rows of each type lie in its answer. */
const LISTS: Readonly<Record<string, string>> = {
  getmeas: 'measuregrps',
  getactivity: 'activities',
  getintradayactivity: 'series',
  getworkouts: 'series',
  'sleep-get': 'series',
  'sleep-getsummary': 'series',
};

const answer = z.object({ status: z.number(), body: z.record(z.string(), z.unknown()) });

/** A saved answer of the API, or with a type the bare list of its rows. It names no account; four of six types do not name themselves either. */
export function readSavedAnswer(file: ImportFile): ImportResult {
  const json = readJson(withoutByteOrderMark(file.bytes));
  if (!json.ok) return refuse(`${file.name} is not JSON text.`);
  const value: unknown = JSON.parse(json.text);
  const named = file.type?.replace(/^withings\./, '');
  if (named !== undefined && !Object.hasOwn(LISTS, named)) return refuse(`${named} is no type of Withings.`);
  const list = LISTS[named ?? ''];
  if (named !== undefined && list !== undefined && Array.isArray(value)) {
    return one(named, `{"status":0,"body":{"${list}":${json.text}}}`);
  }
  const read = answer.safeParse(value);
  if (!read.success) return refuse(`${file.name} is no answer of the Withings API.`);
  if (read.data.status !== 0) return refuse(`${file.name} is an error: an answer with status ${read.data.status}.`);
  const { body } = read.data;
  const type = named ?? ['getmeas', 'getactivity'].find((known) => Object.hasOwn(body, LISTS[known] ?? ''));
  if (type === undefined) return refuse(`${file.name} does not say what was asked.`);
  const rows = body[LISTS[type] ?? ''];
  if (typeof rows !== 'object' || rows === null) return refuse(`${file.name} holds no rows of ${type}.`);
  return one(type, json.text);
}

function one(resource: string, text: string): ImportResult {
  return { ok: true, parts: [{ externalId: undefined, resource, text, notice: false }] };
}

function refuse(detail: string): ImportResult {
  const remedy = `Import an answer as it came, and name its type: --type withings.getmeas (also ${Object.keys(LISTS).slice(1).join(', ')}).`;
  return { ok: false, code: 'unknown_format', detail, remedy };
}
