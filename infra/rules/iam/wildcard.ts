/** Whether a text fits a pattern with `*` (any letters, also none) and `?` (one letter). */
export function fits(pattern: string, text: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) => (part === '*' ? '[^]*' : part === '?' ? '[^]' : escaped(part)));
  return new RegExp(`^${parts.join('')}$`).test(text);
}

/** For ARNs in conditions each of the six parts is compared on its own: a `*` does not reach over a colon of the first five. */
export function fitsArn(pattern: string, arn: string): boolean {
  const [wanted, given] = [partsOf(pattern), partsOf(arn)];
  return wanted.length === 6 && given.length === 6 && wanted.every((part, at) => fits(part, given[at] ?? ''));
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
