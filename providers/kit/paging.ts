import * as z from 'zod';

// `more` is true, or 1; on a last page an offset may stand beside a `more` that is neither, and means nothing.
const page = z.object({
  body: z.object({ more: z.union([z.literal(true), z.literal(1)]), offset: z.number().int().positive() }),
});

/** The offset of the next page as an answer `{"body":{"more":true,"offset":300}}` says it; undefined on the last one. */
export function nextOffset(json: unknown): string | undefined {
  return page.safeParse(json).data?.body.offset.toString();
}
