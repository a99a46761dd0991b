import type { Unbuilt } from '../app/export/asked.ts';
import type { User } from '../app/people.ts';
import { moment } from './moment.ts';

/** Says of the newest export that could not be built why, and lets it be asked for again. */
export function ExportNotice({ failed: [newest], user }: { readonly failed: readonly Unbuilt[]; readonly user: User }) {
  if (newest?.failure == null) return null;
  const { message, remedy, code } = newest.failure;
  return (
    <p class="notice">
      ! Export of {moment(newest.asked_at, user.zone)}: {message} {remedy} <code>{code}</code>{' '}
      <a href={`/api/v1/export?user_id=${encodeURIComponent(user.user_id)}`}>Ask for it again</a>
    </p>
  );
}
