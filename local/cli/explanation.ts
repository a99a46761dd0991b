import * as z from 'zod';

/** The shape of contract 10 as a server or the use-case answers it; further fields are kept. */
export const explanation = z.looseObject({
  user_id: z.string(),
  local_date: z.string(),
  metric: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  rule: z.string(),
  winner: z.string().nullable(),
  candidates: z.array(
    z.looseObject({
      source: z.string(),
      value: z.number().nullable(),
      counted: z.number().nullable(),
      raw_keys: z.array(z.string()),
    }),
  ),
  evidence: z.array(
    z.looseObject({
      raw_key: z.string(),
      pointer: z.string(),
      text: z.string().nullable(),
      received_at: z.string().nullable(),
    }),
  ),
  evidence_total: z.number(),
});

/** The explanation in the order a person asks: what, why, from whom, where it is written. */
export function describeExplanation(found: z.output<typeof explanation>): string {
  const { evidence, evidence_total: total } = found;
  return [
    `${found.metric} on ${found.local_date}: ${found.value ?? 'no value'} ${found.unit}`,
    `rule: ${found.rule}`,
    'candidates:',
    ...found.candidates.map(
      (one) =>
        `  ${one.source === found.winner ? '✓' : ' '} ${one.source}: ${one.value ?? 'no value'}, counted: ${one.counted ?? 'nothing'}`,
    ),
    total > evidence.length ? `evidence (the first ${evidence.length} of ${total} places):` : 'evidence:',
    ...evidence.flatMap((one) => [`  ${one.raw_key} ${one.pointer}`, `    ${one.text ?? ''}`]),
  ].join('\n');
}
