import type { Connectable, Described } from '../app/connect/describe.ts';
import type { User } from '../app/people.ts';
import { startPath } from './connected.tsx';
import { Layout } from './layout.tsx';

interface Props {
  readonly user: User;
  readonly connectables: readonly Connectable[];
  readonly hasOutbox: boolean;
}

const STATES: Readonly<Record<Described['connection']['state'], string>> = {
  active: 'connected',
  needs_reconnect: 'needs to be connected again',
  revoked: 'access was taken back at the provider',
  deregistered: 'the account was unregistered at the provider',
  disconnected: 'ended',
};

/** Where a person grants access: each provider, what is granted there, and the way to grant it. */
export function ConnectionsPage({ user, connectables, hasOutbox }: Props) {
  return (
    <Layout title="Connections" signedIn hasOutbox={hasOutbox}>
      <h1>Connections of {user.name}</h1>
      {connectables.map((one) => (
        <section aria-labelledby={one.provider}>
          <h2 id={one.provider}>{one.name}</h2>
          {one.connections.map((described) => (
            <Held described={described} />
          ))}
          {one.configured ? (
            <p>
              <a href={startPath({ provider: one.provider, user_id: user.user_id })}>
                {one.connections.length === 0 ? `Connect ${one.name}` : `Connect ${one.name} again`}
              </a>
            </p>
          ) : (
            <p class="quiet">
              The owner has not set the client id and secret of {one.name} yet (<code>client_missing</code>).
            </p>
          )}
        </section>
      ))}
    </Layout>
  );
}

function Held({ described }: { readonly described: Described }) {
  const { connection, granted, missing } = described;
  return (
    <p>
      <code>{connection.external_id}</code>: {STATES[connection.state]}
      {granted.length > 0 && `. Granted: ${granted.join(', ')}`}
      {missing.length > 0 && `. Not granted: ${missing.join(', ')}`}.
    </p>
  );
}
