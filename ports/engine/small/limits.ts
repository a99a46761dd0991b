import { PortError } from '../../errors.ts';

/** What is held in memory at a time, documents and what is read from them: about a third of the function's. */
export const PORTION = { objects: 5000, bytes: 96 * 1024 * 1024 };

/** What this engine could not do in its time or its memory; what it had read by then stays read. */
export function tooLarge(why: string): PortError {
  return new PortError(
    'too_large_for_small',
    `${why} What was read stays read; the tables people query are those of before.`,
    {
      remedy:
        'The next run goes on from there, a rebuild begins anew. When that fails, too: pulumi config set engine spark, then pulumi up.',
    },
  );
}

const wordsOf = (error: unknown): string => (error instanceof Error ? `${error.message} ${wordsOf(error.cause)}` : '');

/** What a failure is told as: DuckDB's words for no memory and for being ended mean that there was too much to do. */
export function limited(error: unknown): unknown {
  const words = wordsOf(error);
  if (
    /Out of Memory Error|failed to offload|max_temp_directory_size|No space left|Invalid string length|Cannot create a string longer/i.test(
      words,
    )
  ) {
    return tooLarge('This batch needs more memory than the function has.');
  }
  return /INTERRUPT Error/i.test(words) ? tooLarge('This batch takes longer than the function may run.') : error;
}
