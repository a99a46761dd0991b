import type { Child } from 'hono/jsx';
import { Layout } from './layout.tsx';

/** Which ways lead on from a page that says one thing. */
export interface Ways {
  readonly signedIn: boolean;
  readonly hasOutbox: boolean;
}

interface Props extends Ways {
  readonly title: string;
  readonly children?: Child;
}

/** A page that says one thing: an error, a place that is empty, a door that is closed. */
export function MessagePage({ title, children, ...ways }: Props) {
  return (
    <Layout title={title} {...ways}>
      <section class="narrow">
        <h1>{title}</h1>
        {children}
      </section>
    </Layout>
  );
}
