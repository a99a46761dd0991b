import type { MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import { secureHeaders } from 'hono/secure-headers';

/** The headers of every page: nothing from elsewhere runs, loads, frames or receives anything. */
export function pageHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    // Pages on loopback are plain http; a proxy that ends TLS says this itself.
    strictTransportSecurity: false,
  });
}

/** Refuses forms that another site sent; behind a proxy the public address counts as this site too. */
export function sameOrigin(publicUrl: () => string): MiddlewareHandler {
  return csrf({
    origin: (origin, c) => origin === new URL(c.req.url).origin || origin === new URL(publicUrl()).origin,
  });
}
