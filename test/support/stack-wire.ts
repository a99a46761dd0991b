/** How Pulumi marks what is more than JSON on its way to the engine. */
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as the provider will see it: secrets opened, `(unknown)` for what a preview does not know yet. */
export function plain(value: unknown): unknown {
  if (value === UNKNOWN) return '(unknown)';
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === SECRET) return plain(value['value']);
  const entries = Object.entries(value).filter(([key]) => key !== SIGNATURE);
  return Object.fromEntries(entries.map(([key, one]) => [key, plain(one)]));
}

/** The paths of a value's secrets: `secretString`, `environment.variables.X`. */
export function secretsIn(value: unknown, path: readonly string[] = []): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => secretsIn(one, [...path, String(at)]));
  if (!isObject(value)) return [];
  if (value[SIGNATURE] === SECRET) return [path.join('.')];
  return Object.entries(value).flatMap(([key, one]) => secretsIn(one, [...path, key]));
}
