import { Layout } from './layout.tsx';

/** The page that asks for the owner token; `problem` says why an earlier try did not work. */
export function SignInPage({ next, problem }: { readonly next: string; readonly problem?: string }) {
  return (
    <Layout title="Sign in" signedIn={false}>
      <section class="narrow">
        <h1>Sign in</h1>
        <p>These pages show the health data of the people on this machine. Enter the owner token to open them.</p>
        {problem !== undefined && (
          <p class="notice" role="alert" id="problem">
            {problem}
          </p>
        )}
        <form method="post" action="/signin" class="stack">
          <input type="hidden" name="next" value={next} />
          <input type="text" name="username" value="owner" autocomplete="username" hidden />
          <label for="token">Owner token</label>
          <input
            id="token"
            name="token"
            type="password"
            autocomplete="current-password"
            spellcheck={false}
            required
            {...(problem === undefined ? {} : { 'aria-describedby': 'problem' })}
          />
          <button type="submit" class="main">
            Sign in
          </button>
        </form>
        <p class="quiet">
          The token was shown when the server first started; it is kept in the file <code>owner.token</code> of the data
          directory.
        </p>
      </section>
    </Layout>
  );
}
