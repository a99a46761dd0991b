import type { ImportReport } from '../app/import.ts';
import type { User } from '../app/people.ts';
import type { Connection } from '../app/tie.ts';
import { MessagePage } from './message.tsx';

interface Props {
  readonly user: User;
  readonly hasOutbox: boolean;
}

const listOf = ({ user_id: id }: User): string => `/connections?user_id=${encodeURIComponent(id)}`;

/** Asks once more before a connection ends. */
export function PartingPage({
  connection,
  name,
  user,
  hasOutbox,
}: Props & { readonly connection: Connection; readonly name: string }) {
  return (
    <MessagePage title={`Disconnect ${name}?`} signedIn hasOutbox={hasOutbox}>
      <p>
        Nothing more is taken in from this account of {user.name}, and what was granted is given back. The data that
        came stay.
      </p>
      <form method="post" action={`/connections/end/${connection.connection_id}`} class="row">
        <button type="submit" class="main">
          Disconnect
        </button>
        <a href={listOf(user)}>Keep it</a>
      </form>
    </MessagePage>
  );
}

/** What became of an imported file. */
export function ImportedPage({ report, user, hasOutbox }: Props & { readonly report: ImportReport }) {
  const { objects, duplicates, refused, warnings } = report;
  const isNew = refused.length === 0;
  return (
    <MessagePage title={isNew ? 'The file is imported' : 'The file was not imported'} signedIn hasOutbox={hasOutbox}>
      {refused.map(({ detail, remedy, code }) => (
        <p>
          {detail} {remedy} <code>{code}</code>
        </p>
      ))}
      {isNew && (
        <p>
          {objects} new {objects === 1 ? 'part' : 'parts'}, {duplicates} that had come before. Numbers appear with the
          next batch, within some minutes.
        </p>
      )}
      {warnings.map((warning) => (
        <p>{warning}</p>
      ))}
      <p class="quiet">
        <a href={listOf(user)}>Back to Connections</a>
      </p>
    </MessagePage>
  );
}
