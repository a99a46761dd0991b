import { writeFileSync } from 'node:fs';
import { matrixOf } from '../../infra/rules/iam/matrix.ts';
import { recordStack } from '../support/stack.ts';
import { STACKS } from '../support/stacks.ts';

/** Writes docs/iam.md from what the program asks for: npm run iam */
writeFileSync('docs/iam.md', matrixOf(await recordStack(STACKS.everything), await recordStack(STACKS.spark)));
