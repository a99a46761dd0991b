import type { Call, Interference } from '../../support/providers.ts';

/** How a provider answers wrongly: each time with everything it was told, and with what is somebody's own. */
export type Nastiness =
  | 'error 500'
  | 'page 200'
  | 'page 503'
  | 'refusal'
  | 'torn'
  | 'redirect'
  | 'status 200'
  | 'hang up';

/** Which requests: those of one provider, so that who else asks meanwhile gets no answer meant for another. */
export type Target = `${'withings' | 'oura' | 'garmin'} ${Call['kind']}`;

/** Answers wrongly as often as `next` says, one after the other; otherwise the provider itself answers. */
export function createNastiness(watch: Interference, own: () => string) {
  const queue: { readonly target: Target; readonly how: Nastiness }[] = [];
  let served = 0;
  watch.before = async (call) => {
    const at = queue.findIndex(({ target }) => target === `${call.provider} ${call.kind}`);
    const [next] = at === -1 ? [] : queue.splice(at, 1);
    if (next === undefined) return undefined;
    served += 1;
    return next.how === 'hang up' ? 'hang up' : ANSWERS[next.how](echo(call, own()));
  };
  return {
    next: (target: Target, ...all: readonly Nastiness[]) => void queue.push(...all.map((how) => ({ target, how }))),
    left: () => queue.length,
    forget: () => void queue.splice(0),
    served: () => served,
  };
}

function echo({ path, headers, body }: Call, own: string): string {
  return `${path} ${[...headers].map((pair) => pair.join(': ')).join('; ')} ${body} ${own}`;
}

const html = (said: string) => ({ 'content-type': 'text/html', 'x-said': encodeURIComponent(said) });

const ANSWERS: Readonly<Record<Exclude<Nastiness, 'hang up'>, (said: string) => Response>> = {
  'error 500': (said) => Response.json({ error: said, error_description: said, detail: said }, { status: 500 }),
  'page 200': (said) => new Response(`<title>Just a moment</title>${said}`, { headers: html(said) }),
  'page 503': (said) =>
    new Response(`<title>${said}</title>`, { status: 503, headers: { ...html(said), 'retry-after': '1' } }),
  refusal: (said) =>
    Response.json({ error: 'invalid_grant', error_description: said, error_uri: said }, { status: 400 }),
  torn: (said) =>
    new Response(`{"access_token": "${said.slice(0, 200)}`, { headers: { 'content-type': 'application/json' } }),
  redirect: (said) => {
    const location = `https://example.org/${encodeURIComponent(said)}`;
    return new Response(said, { status: 302, headers: { location } });
  },
  'status 200': (said) => Response.json({ status: 2555, error: said, body: { said } }),
};
