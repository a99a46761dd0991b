/**
 * An address of a provider with its origin replaced by `baseUrl`, which tests and the sandbox set; path and query are kept.
 * A path of `baseUrl` goes in front: `https://api.example/v2/user` at `http://127.0.0.1:4000/example` is `http://127.0.0.1:4000/example/v2/user`.
 */
export function addressOf(url: string, baseUrl: string | undefined): string {
  if (baseUrl === undefined) return url;
  const { pathname, search } = new URL(url);
  const base = new URL(baseUrl);
  return `${base.origin}${base.pathname.replace(/\/+$/, '')}${pathname}${search}`;
}
