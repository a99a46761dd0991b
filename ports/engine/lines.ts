import { PortError } from '../errors.ts';

/** The lines of a file that comes in blocks; a last one without an end counts, empty ones do not. */
export async function* linesOf(blocks: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const block of blocks) {
    if (!(block instanceof Uint8Array)) throw new TypeError('lines: a block is not bytes');
    const lines = (rest + decoder.decode(block, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** All of what comes one by one. */
export async function gathered<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** How a text is checked: zod's `safeParse`. */
interface Shape<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}

/** Reads one JSON text of a run's record; `where` names file and line, because values are about somebody's health. Throws `unreadable_run`. */
export function parsed<T>(shape: Shape<T>, text: string, where: string): T {
  const found = shape.safeParse(jsonOf(text));
  if (found.success) return found.data;
  throw new PortError('unreadable_run', `The record of a run cannot be read: ${where}.`, {
    remedy: 'See what the job gold logged then; wellspring process --stack runs another batch.',
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
