import type { Child } from 'hono/jsx';
import { assetPath } from './assets.ts';

interface Frame {
  readonly title: string;
  /** Shows the navigation; nobody is signed in without it. */
  readonly signedIn: boolean;
  readonly hasOutbox?: boolean;
  readonly charts?: boolean;
  readonly children?: Child;
}

/** The frame of every page. */
export function Layout({ title, signedIn, hasOutbox = false, charts = false, children }: Frame) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title} · Wellspring</title>
        <link rel="icon" href="data:," />
        {charts && <link rel="stylesheet" href={assetPath('chart')} />}
        <link rel="stylesheet" href={assetPath('style')} />
        <script src={assetPath('page')}></script>
        {charts && <script src={assetPath('uplot')} defer></script>}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="top">
          <a class="brand" href="/">
            Wellspring
          </a>
          {signedIn && (
            <nav aria-label="Pages">
              <a href="/">Today</a>
              <a href="/connections">Connections</a>
              {hasOutbox && <a href="/outbox">Morning texts</a>}
            </nav>
          )}
          <div class="tools">
            <button type="button" id="theme" hidden>
              Dark
            </button>
            {signedIn && (
              <form method="post" action="/signout">
                <button type="submit">Sign out</button>
              </form>
            )}
          </div>
        </header>
        <main id="main">{children}</main>
      </body>
    </html>
  );
}
