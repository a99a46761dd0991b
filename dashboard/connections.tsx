import type { Offered } from '../app/connect/overview.ts';
import type { Unbuilt } from '../app/export/asked.ts';
import type { User } from '../app/people.ts';
import { startPath } from './connected.tsx';
import { ConnectionFacts } from './connection.tsx';
import { ExportNotice } from './export-notice.tsx';
import { Layout } from './layout.tsx';
import { PersonChoice } from './person-choice.tsx';
import { Reach } from './reach.tsx';

interface Props {
  readonly user: User;
  /** Everybody the viewer may choose from. */
  readonly people: readonly User[];
  readonly offered: readonly Offered[];
  /** Providers at which this browser has granted access to another account and not yet said what is meant by it. */
  readonly questions: ReadonlySet<string>;
  readonly hasOutbox: boolean;
  /** Exports of the person that could not be built, the newest first. */
  readonly failed: readonly Unbuilt[];
  /** What was just done, in words. */
  readonly said: string | undefined;
}

const isTied = (one: Offered): boolean => one.connections.some(({ state }) => state !== 'disconnected');

/** Each provider of one person: how it stands and what to do about it; those not connected with what they need. */
export function ConnectionsPage({ user, people, offered, questions, hasOutbox, failed, said }: Props) {
  const tied = offered.filter(isTied);
  const others = offered.filter((one) => !isTied(one));
  return (
    <Layout title="Connections" signedIn hasOutbox={hasOutbox}>
      <div class="heading">
        <div>
          <p class="eyebrow">Times in {user.zone}</p>
          <h1>Connections of {user.name}</h1>
        </div>
        {people.length > 1 && <People user={user} people={people} />}
      </div>
      {said !== undefined && (
        <p class="notice" role="status">
          {said}
        </p>
      )}
      <ExportNotice failed={failed} user={user} />
      {tied.length === 0 && <p class="notice">Nothing is connected yet. Choose a provider below to begin.</p>}
      {tied.map((one) => (
        <Section one={one} user={user} isAsked={questions.has(one.provider)} />
      ))}
      {others.length > 0 && (
        <>
          <h2 id="more">Not connected</h2>
          <div class="offers">
            {others.map((one) => (
              <Section one={one} user={user} isOffer />
            ))}
          </div>
        </>
      )}
    </Layout>
  );
}

function People({ user, people }: Pick<Props, 'user' | 'people'>) {
  return (
    <form method="get" action="/connections" class="row">
      <PersonChoice user={user} people={people} />
      <button type="submit">Show</button>
    </form>
  );
}

function Section({
  one,
  user,
  isAsked = false,
  isOffer = false,
}: {
  readonly one: Offered;
  readonly user: User;
  readonly isAsked?: boolean;
  readonly isOffer?: boolean;
}) {
  const { provider, name, connections, freshness } = one;
  return (
    <section class="provider" aria-labelledby={provider}>
      {isOffer ? <h3 id={provider}>{name}</h3> : <h2 id={provider}>{name}</h2>}
      {isAsked && (
        <p class="notice">
          ! You have just granted access to another {name} account. Without an answer it is given back within ten
          minutes. <a href={`/oauth/${provider}/choice`}>Say what is meant</a>
        </p>
      )}
      {freshness !== undefined && <Reach freshness={freshness} user={user} />}
      {connections.map((held) => (
        <ConnectionFacts held={held} user={user} />
      ))}
      <Actions one={one} user={user} />
    </section>
  );
}

function Actions({ one, user }: { readonly one: Offered; readonly user: User }) {
  const { provider, name, access, connections } = one;
  const standing = connections.filter(({ state }) => state !== 'disconnected');
  const again = standing.some(({ kind }) => kind === 'oauth') ? `Connect ${name} again` : `Connect ${name}`;
  return (
    <div class="actions">
      {access === 'offered' && (
        <a class="button" href={startPath({ provider, user_id: user.user_id })}>
          {again}
        </a>
      )}
      {one.canFetch && (
        <form method="post" action="/connections/fetch">
          <input type="hidden" name="provider" value={provider} />
          <input type="hidden" name="user_id" value={user.user_id} />
          <button type="submit" aria-label={`Fetch from ${name} now`}>
            Fetch now
          </button>
        </form>
      )}
      {standing.map(({ connection_id: id, external_id: account }) => (
        <a class="button" href={`/connections/end/${id}`} aria-label={`Disconnect ${name} ${account}`}>
          Disconnect
        </a>
      ))}
      {access === 'missing_client' && standing.every(({ kind }) => kind === 'oauth') && (
        <p class="quiet">
          To grant access here, the owner sets <code>{provider}ClientId</code> in wellspring.json and runs{' '}
          <code>wellspring secret set {provider}.clientSecret</code>.
        </p>
      )}
      {access === 'unreadable_client' && (
        <p class="quiet">
          The client secret of {name} cannot be opened any more. The owner sets it again with{' '}
          <code>wellspring secret set {provider}.clientSecret</code>.
        </p>
      )}
      {access === 'none' && standing.length === 0 && (
        <p class="quiet">
          {one.pushes ? (
            <>
              An app sends its data here. What to enter there says{' '}
              <code>
                wellspring link {provider} --user {user.user_id}
              </code>
              .
            </>
          ) : (
            `${name} sends nothing by itself: export a file there and import it here.`
          )}
        </p>
      )}
      {one.takesFiles && <Import one={one} user={user} />}
    </div>
  );
}

function Import({ one: { provider, name }, user }: { readonly one: Offered; readonly user: User }) {
  return (
    <details>
      <summary>Import a file of {name}</summary>
      <form method="post" action="/connections/import" enctype="multipart/form-data" class="stack">
        <input type="hidden" name="provider" value={provider} />
        <input type="hidden" name="user_id" value={user.user_id} />
        <label>
          Export file, at most 50 MB <input type="file" name="file" required />
        </label>
        <button type="submit">Import</button>
      </form>
    </details>
  );
}
