import { contractHolds } from './contract.ts';
import { costsAreTrue } from './costs.ts';
import { matrixIsTrue } from './matrix.ts';
import { recordedStacks } from './recorded.ts';
import { rolesAreNarrow } from './roles.ts';
import { rulesHold } from './rules.ts';
import { runbookIsWhole } from './runbook.ts';
import { awsTakesIt } from './taken.ts';
import { viewsAreTrue } from './views.ts';

// Against mocks: what the program asks for. It cannot show that AWS takes it, nor what awsx's trail makes inside itself.

const recorded = recordedStacks();
rulesHold(recorded);
rolesAreNarrow(recorded);
contractHolds(recorded);
matrixIsTrue(recorded);
costsAreTrue(recorded);
runbookIsWhole(recorded);
awsTakesIt(recorded);
viewsAreTrue(recorded);
