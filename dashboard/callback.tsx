import type { Refusal } from '../app/connect/refusal.ts';
import { MessagePage, type Ways } from './message.tsx';
import { REFUSALS } from './refusals.ts';

interface RefusedProps extends Ways {
  readonly code: Refusal;
  readonly name: string;
}

/** A callback that led to no connection: what happened, and what to do. Nothing the browser sent is repeated. */
export function RefusedPage({ code, name, ...ways }: RefusedProps) {
  const { title, detail, remedy } = REFUSALS[code];
  const named = (text: string): string => text.replaceAll('{name}', name);
  return (
    <MessagePage title={named(title)} {...ways}>
      <p>{named(detail)}</p>
      <p>{named(remedy)}</p>
      <p class="quiet">
        <a href="/connections">Connections</a> · <code>{code}</code>
      </p>
    </MessagePage>
  );
}
