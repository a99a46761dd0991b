import type { User } from '../app/people.ts';

/** The people a viewer may choose from, as a field of a form. */
export function PersonChoice({ user, people }: { readonly user: User; readonly people: readonly User[] }) {
  return (
    <label>
      Person{' '}
      <select name="user_id">
        {people.map((one) => (
          <option value={one.user_id} selected={one.user_id === user.user_id}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}
