import { writeFileSync } from 'node:fs';
import { costPage } from '../../infra/cost/page.ts';
import { recordStack } from '../support/stack.ts';
import { STACKS } from '../support/stacks.ts';

/** Writes docs/cost.md from what the program asks for: node --import tsx test/infra/cost.ts */
writeFileSync('docs/cost.md', costPage(await recordStack(STACKS.minimal), await recordStack(STACKS.spark)));
