import type { Choice } from '../app/connect/choice.ts';
import { MessagePage, type Ways } from './message.tsx';

interface ChoiceProps extends Ways {
  readonly choice: Choice;
  readonly name: string;
}

/** Asks about an account that is not the one connected so far. */
export function ChoicePage({ choice, name, ...ways }: ChoiceProps) {
  const { connection, before } = choice;
  return (
    <MessagePage title={`This is another ${name} account`} {...ways}>
      <p>
        Connected so far is the account <code>{before}</code>; you have just granted access to{' '}
        <code>{connection.external_id}</code>.
      </p>
      <form method="post" action={`/oauth/${connection.provider}/choice`} class="stack">
        <input type="hidden" name="choice" value={choice.id} />
        <button type="submit" name="answer" value="keep" class="main">
          Keep only the old one
        </button>
        <button type="submit" name="answer" value="add">
          Add it as a second account
        </button>
      </form>
      <p class="quiet">Without an answer within ten minutes the new access is given back.</p>
    </MessagePage>
  );
}

/** There is no question, or not for this browser. */
export function OverPage(ways: Ways) {
  return (
    <MessagePage title="There is nothing to answer here" {...ways}>
      <p>
        It was answered before, its time is over, the account was granted once more since, or it belongs to another
        browser.
      </p>
      <p class="quiet">
        <a href="/connections">Connections</a> · <code>not_found</code>
      </p>
    </MessagePage>
  );
}
