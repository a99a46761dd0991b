import type { Child } from 'hono/jsx';
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

const STYLE = `
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:62rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #8884;vertical-align:top;overflow-wrap:anywhere}
fieldset{border:1px solid #8886;border-radius:.5rem;margin:0 0 1rem}
label{display:block;padding:.35rem 0}
button{font:inherit;padding:.5rem 1rem;margin:.2rem .3rem .2rem 0;min-height:2.75rem}
.scroll{overflow-x:auto}
.scroll table{min-width:38rem}
.note{border-left:.3rem solid #c80;padding:.2rem .8rem}`;

/** The frame of the sandbox's pages. */
export function Frame({ title, children }: { readonly title: string; readonly children?: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}

export const style = (): Response => new Response(STYLE, { headers: { 'content-type': 'text/css; charset=utf-8' } });

/** Nothing runs and nothing is loaded from elsewhere; a form may lead to `redirect` as well. */
export function headersFor(redirect?: string): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ['data:'],
      // A browser asks this also of where a form is redirected to.
      formAction: ["'self'", ...(redirect === undefined ? [] : [redirect])],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: false,
  });
}
