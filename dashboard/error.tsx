import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { WellspringError } from '../app/errors.ts';
import type { ViewerEnv } from '../app/viewer.ts';
import { MessagePage, type Ways } from './message.tsx';
import { page } from './page.ts';

/** A failed page in words: our own errors as they say it, anything else without a word of what was inside. */
export async function errorPage(error: Error, c: Context<ViewerEnv>, hasOutbox: boolean): Promise<Response> {
  const ways: Ways = { signedIn: c.get('viewer') !== undefined, hasOutbox };
  if (error instanceof WellspringError) {
    return page(
      c,
      <MessagePage title={error.message} {...ways}>
        {error.detail !== undefined && <p>{error.detail}</p>}
        {error.remedy !== undefined && <p>{error.remedy}</p>}
        <Back code={error.code} />
      </MessagePage>,
      error.status,
    );
  }
  if (error instanceof HTTPException && error.status === 403) {
    return page(
      c,
      <MessagePage title="That form came from another site" {...ways}>
        <p>Nothing was done. Open the page here and try again.</p>
        <Back code="cross_site" />
      </MessagePage>,
      403,
    );
  }
  return page(
    c,
    <MessagePage title="Something unexpected happened" {...ways}>
      <p>The page could not be made. Nothing was changed; the stored data are safe.</p>
      <Back code="internal" />
    </MessagePage>,
    500,
  );
}

/** There is nothing at this address. */
export function NowherePage(ways: Ways) {
  return (
    <MessagePage title="There is nothing at this address" {...ways}>
      <Back code="not_found" />
    </MessagePage>
  );
}

function Back({ code }: { readonly code: string }) {
  return (
    <p class="quiet">
      <a href="/">Back to Today</a> · <code>{code}</code>
    </p>
  );
}
