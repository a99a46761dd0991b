/** A browser over the network: it keeps cookies and follows nothing. */
export interface Surfer {
  get(url: string): Promise<Response>;
  post(url: string, form: Readonly<Record<string, string>>): Promise<Response>;
  readonly cookies: ReadonlyMap<string, string>;
}

/** Opens a browser that holds nothing yet. */
export function openSurfer(): Surfer {
  const cookies = new Map<string, string>();
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, accept: 'text/html', origin: new URL(url).origin };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  return {
    cookies,
    get: (url) => send(url, {}),
    post: (url, form) => send(url, { method: 'POST', body: new URLSearchParams(form) }),
  };
}
