#!/usr/bin/env node
// Starts the command line in this very process, so that signals and exit codes are its own.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// The project's own tsconfig.json (JSX), wherever the command was started.
register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
const { start } = await import('../local/cli.ts');
await start();
