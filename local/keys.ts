import * as z from 'zod';
import { bucketIn } from './objects.ts';

const zone = z.string().refine((name) => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'no time zone of the IANA list, such as Europe/Paris');

const whole = (min: number, max: number) =>
  z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], `must be a whole number from ${min} to ${max}`)
    .refine((n) => Number.isInteger(n) && n >= min && n <= max, `must be a whole number from ${min} to ${max}`);

const address = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://health.example.org' })
  .transform((text) => text.replace(/\/+$/, ''));

const bucket = z.string().transform((text, context) => {
  const place = bucketIn(text);
  if (place === undefined) context.addIssue('must be s3://BUCKET or s3://BUCKET/PREFIX, such as s3://my-health/home');
  return place ?? z.NEVER;
});

/** A public name, unlike the secret beside it. */
const clientId = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be printable characters without blanks')
  .optional();

/** Every key of the configuration of one machine: how its value is checked, and what holds when nobody says. */
export const configuration = z.object({
  timezone: zone.optional(),
  batchSize: whole(1, 100).default(3),
  batchWindowSeconds: whole(1, 900).default(900),
  publicUrl: address.optional(),
  objects: bucket.optional(),
  port: whole(0, 65_535).default(8787),
  host: z.string().min(1).default('127.0.0.1'),
  ownerToken: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/, 'must be 16 to 200 printable characters without blanks')
    .optional(),
  lookbackDays: whole(0, 90).default(7),
  firstFetchDays: whole(0, 90).default(7),
  unclaimedDays: whole(1, 365).default(7),
  garminClientId: clientId,
  withingsClientId: clientId,
  ouraClientId: clientId,
});

export type Configuration = z.output<typeof configuration>;
export type Key = keyof Configuration;

/** Keys whose values are secrets: taken from the environment alone, never from a file or a flag. */
export const SECRET_KEYS: readonly Key[] = ['ownerToken'];
