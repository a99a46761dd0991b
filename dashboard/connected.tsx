import type { Described } from '../app/connect/describe.ts';
import { MessagePage, type Ways } from './message.tsx';

interface ConnectedProps extends Ways {
  readonly described: Described;
  readonly firstFetchDays: number;
}

/** What was granted, what is missing and what that means, what happens next. */
export function ConnectedPage({ described, firstFetchDays, ...ways }: ConnectedProps) {
  const { name, granted, missing, connection } = described;
  return (
    <MessagePage title={`${name} is connected`} {...ways}>
      {granted.length > 0 && <List lead="You granted:" items={granted} />}
      {missing.length > 0 && (
        <>
          <List lead="You did not grant, so it stays empty:" items={missing} />
          <p>
            To add it, <a href={startPath(connection)}>connect {name} again</a>.
          </p>
        </>
      )}
      <p>
        Next: what {name} has of the last {firstFetchDays} days is asked for now, older days after that. Numbers appear
        with the next batch, within some minutes.
      </p>
      <p class="quiet">
        <a href="/connections">Connections</a> · <a href="/">Today</a>
      </p>
    </MessagePage>
  );
}

/** Where connecting again starts. */
export function startPath({ provider, user_id }: { readonly provider: string; readonly user_id: string }): string {
  return `/oauth/${provider}/start?user_id=${encodeURIComponent(user_id)}`;
}

function List({ lead, items }: { readonly lead: string; readonly items: readonly string[] }) {
  return (
    <>
      <p>{lead}</p>
      <ul>
        {items.map((item) => (
          <li>{item}</li>
        ))}
      </ul>
    </>
  );
}
