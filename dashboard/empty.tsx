import type { User } from '../app/people.ts';
import { MessagePage, type Ways } from './message.tsx';

/** What to do when there is nobody yet. */
export function NobodyPage({ hasOutbox }: Pick<Ways, 'hasOutbox'>) {
  return (
    <MessagePage title="Nobody is here yet" signedIn hasOutbox={hasOutbox}>
      <p>Add a person, then connect or import something of theirs:</p>
      <pre>
        npm run -s wellspring -- user add Ana --zone Europe/Paris{'\n'}
        npm run -s wellspring -- link apple --user Ana
      </pre>
      <p>To look around with made-up people first:</p>
      <pre>npm run demo</pre>
    </MessagePage>
  );
}

/** What to do for a person whose data never came. */
export function Empty({ user }: { readonly user: User }) {
  // The id, and not the name: a shell would read what stands in a name.
  const id = user.user_id;
  return (
    <section aria-labelledby="empty">
      <h2 id="empty">No data yet</h2>
      <p>Nothing of {user.name} has been published. Connect a source, or import an export file:</p>
      <pre>
        {`npm run -s wellspring -- link apple --user ${id}\n`}
        {`npm run -s wellspring -- import myfitnesspal FILE.csv --user ${id}`}
      </pre>
      <p class="quiet">
        What arrived waits for the next batch: three deliveries or fifteen minutes, whichever is first.
      </p>
    </section>
  );
}
