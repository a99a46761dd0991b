import type { Command } from 'commander';
import type { Context } from './context.ts';

export interface CommandModule {
  /** Adds options and actions to the command of its name. */
  readonly describe: (command: Command, context: Context) => void;
}

export interface CommandEntry {
  readonly summary: string;
  /** Loaded only when it is the command asked for, so that help starts quickly. */
  readonly load: () => Promise<CommandModule>;
}

/** Every command: its name is the file's name in this folder. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  demo: { summary: 'a running example with made-up people, nothing needed', load: () => import('./demo.ts') },
  serve: { summary: 'run the server: receive, transform, pages', load: () => import('./serve.ts') },
  user: { summary: 'people: add, set, list', load: () => import('./user.ts') },
  goal: { summary: 'what people want of their days: set, remove, list', load: () => import('./goal.ts') },
  invite: { summary: "a link that opens a person's own pages, once", load: () => import('./invite.ts') },
  secret: { summary: 'client secrets of your apps at the providers', load: () => import('./secret.ts') },
  connect: { summary: 'grant access at a provider in the browser', load: () => import('./connect.ts') },
  link: { summary: 'tie an account at a provider to a person', load: () => import('./link.ts') },
  disconnect: { summary: 'end a connection; the data stay', load: () => import('./disconnect.ts') },
  urls: { summary: 'the addresses to paste at the providers', load: () => import('./urls.ts') },
  status: { summary: 'each connection: last data, problem, remedy', load: () => import('./status.ts') },
  import: { summary: 'export files and saved answers', load: () => import('./import.ts') },
  collect: { summary: 'fetch now what the providers have new', load: () => import('./collect.ts') },
  backfill: { summary: 'fetch past days, newest first; goes on where it ended', load: () => import('./backfill.ts') },
  process: { summary: 'run one batch now', load: () => import('./process.ts') },
  query: { summary: 'read-only SQL over the published tables', load: () => import('./query.ts') },
  explain: { summary: 'where a number comes from', load: () => import('./explain.ts') },
  rebuild: { summary: 'compute everything again from the raw objects', load: () => import('./rebuild.ts') },
  quarantine: { summary: 'what was refused and why', load: () => import('./quarantine.ts') },
  summary: { summary: 'the morning text, on demand', load: () => import('./summary.ts') },
  redrive: { summary: 'do now what was left behind; safe to repeat', load: () => import('./redrive.ts') },
  doctor: { summary: 'what is wrong here, and what to do about it', load: () => import('./doctor.ts') },
  export: { summary: 'everything of a person as a ZIP file', load: () => import('./export.ts') },
  forget: { summary: 'delete everything of a person, everywhere', load: () => import('./forget.ts') },
  'rotate-owner-token': {
    summary: 'a new owner token; the old one ends',
    load: () => import('./rotate-owner-token.ts'),
  },
};
