import type { MiddlewareHandler } from 'hono';
import { problem } from '../problem.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, viewerOf } from '../viewer.ts';
import { ownPages } from './own-pages.ts';

/** Lets the owner pass, by token or from our own pages. Answers may hold addresses with secrets: nobody keeps them on the way. */
export function ownerOnly(runtime: Pick<Runtime, 'publicUrl'>): MiddlewareHandler<ViewerEnv> {
  const guard = ownPages(runtime);
  return async (c, next) => {
    if (viewerOf(c).role !== 'owner') return problem(c, REFUSED);
    c.header('Cache-Control', 'no-store');
    return guard(c, next);
  };
}

const REFUSED = {
  status: 403,
  code: 'owner_only',
  title: 'Only the owner may do this',
  detail: 'It concerns the installation, or somebody else.',
} as const;
