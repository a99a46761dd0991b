import type { Message } from '../ports/notifier/notifier.ts';
import { longDay } from '../app/format.ts';
import { Layout } from './layout.tsx';

/** The morning texts and alerts that were delivered on this machine, newest day first. */
export function OutboxPage(props: {
  readonly messages: readonly Message[];
  readonly names: ReadonlyMap<string, string>;
}) {
  return (
    <Layout title="Morning texts" signedIn hasOutbox>
      <h1>Morning texts</h1>
      {props.messages.length === 0 && (
        <p class="quiet">
          None was written yet. Each person gets one after seven in the morning, their time, about the day before; what
          is new between them stands here too.
        </p>
      )}
      {props.messages.map(({ userId, day, subject, text }) => (
        <article class="letter">
          <h2>{subject}</h2>
          <p class="quiet">
            For {props.names.get(userId) ?? userId}, about {longDay(day)}
          </p>
          <pre tabindex={0}>{text}</pre>
        </article>
      ))}
    </Layout>
  );
}
