import { runDemo } from '../../local/demo.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { stage } from '../support/play.ts';

/** A demo that goes on, as somebody has it who started it: two people, connected in the sandbox of the providers. */
export interface Demo {
  readonly url: string;
  readonly ownerToken: string;
  readonly sandboxUrl: string;
  close(): Promise<void>;
}

const LOOK_AGAIN_MS = 100;

/** The evening of the same day as the other site's, with the same people. */
export async function openDemo(days: number): Promise<Demo> {
  const directory = makeDirectory();
  const { options, printed, interrupt } = stage(directory, { once: false, people: 2, days, until: '2026-03-31' });
  const running = runDemo(options);
  while (printed.length === 0) await Promise.race([running, createSystemClock().sleep(LOOK_AGAIN_MS)]);
  const { url, owner_token: ownerToken, sandbox_url: sandboxUrl } = printed[0]?.value ?? {};
  return {
    url: String(url),
    ownerToken: String(ownerToken),
    sandboxUrl: String(sandboxUrl),
    async close() {
      interrupt();
      await running;
      removeDirectory(directory);
    },
  };
}
