/** What such a name holds is nobody's evidence. */
const SECRET = 'token|secret|callback|password|authorization|credential';

/** `"userAccessToken": …`: a text also where it was cut; of a list or an object of them nothing that follows is shown. */
const MEMBER = new RegExp(
  String.raw`("[^"\\]*(?:${SECRET})[^"\\]*"\s*:\s*)(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[[{][^]*|[^\s,}\]"]+)`,
  'gi',
);
/** The same inside a text that is itself JSON: `\"userAccessToken\":\"…\"`. */
const ESCAPED = new RegExp(
  String.raw`(\\+"[^"\\]*(?:${SECRET})[^"\\]*\\+"\s*:\s*)(?:\\+"[^"\\]*(?:\\+")?|[[{][^]*|[^\s,}\]"\\]+)`,
  'gi',
);
/** `…?uploadToken=…&…`, and `client_secret=…` of a form. */
const PARAMETER = /((?:^|[?&"\s])[^=&?"\s]*(?:token|secret|password|signature|credential)[^=&?"\s]*=)[^&"\s]*/gi;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/g;

const NAME = new RegExp(SECRET, 'i');

/** Whether what stands under this name of a provider's document may not be shown. */
export function isSecret(name: string): boolean {
  return NAME.test(name);
}

/** A provider's text, whole or cut, without the access tokens and callback addresses in it: `…` stands for each. */
export function masked(text: string): string {
  const shown = text.replaceAll(MEMBER, '$1"…"').replaceAll(ESCAPED, String.raw`$1\"…\"`);
  return shown.replaceAll(PARAMETER, '$1…').replaceAll(BEARER, '$1 …');
}
