import type { Child } from 'hono/jsx';
import { Layout } from './layout.tsx';

/** A page that says one thing: an error, a place that is empty, a door that is closed. */
export function MessagePage(props: { readonly title: string; readonly signedIn: boolean; readonly children?: Child }) {
  return (
    <Layout title={props.title} signedIn={props.signedIn}>
      <section class="narrow">
        <h1>{props.title}</h1>
        {props.children}
      </section>
    </Layout>
  );
}
