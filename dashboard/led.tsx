import type { User } from '../app/people.ts';
import { startPath } from './connected.tsx';
import { MessagePage, type Ways } from './message.tsx';

interface LedProps extends Ways {
  readonly provider: string;
  readonly name: string;
  readonly user: User;
}

/**
 * Asks the owner, whom something else than a page of ours led here, whether this person is meant. By a link and not a form: it leads on
 * to the provider's site, where no form of ours may go.
 */
export function LedPage({ provider, name, user, ...ways }: LedProps) {
  return (
    <MessagePage title={`Connect ${name} for ${user.name}?`} {...ways}>
      <p>
        You did not come here from these pages, so nothing has begun yet. The {name} account that agrees next becomes a
        source of {user.name}’s data.
      </p>
      <div class="row">
        <a class="button" href={startPath({ provider, user_id: user.user_id })}>
          Connect {name}
        </a>
        <a href={`/connections?user_id=${encodeURIComponent(user.user_id)}`}>Not now</a>
      </div>
    </MessagePage>
  );
}
