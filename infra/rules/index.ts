import { alarms } from './alarms.ts';
import { batch } from './batch.ts';
import { confusedDeputy } from './deputy.ts';
import { deadLetters } from './dead-letters.ts';
import { encryption } from './encryption.ts';
import { environment } from './environment.ts';
import { erasure } from './erasure.ts';
import { everything } from './everything.ts';
import { jobs } from './jobs.ts';
import { logGroups } from './log-groups.ts';
import { managedPolicies } from './managed.ts';
import { names } from './names.ts';
import { outputsInTexts } from './outputs.ts';
import { parents } from './parents.ts';
import { privateBuckets } from './private.ts';
import { protect } from './protect.ts';
import { retention } from './retention.ts';
import type { Rule } from './rule.ts';
import { schedules } from './schedules.ts';
import { tlsOnly } from './tls.ts';
import { trail } from './trail.ts';
import { versioning } from './versioning.ts';

/** What holds for every stack, whatever its configuration. */
export const rules: readonly Rule[] = [
  alarms,
  batch,
  confusedDeputy,
  deadLetters,
  encryption,
  environment,
  erasure,
  everything,
  jobs,
  logGroups,
  managedPolicies,
  names,
  outputsInTexts,
  parents,
  privateBuckets,
  protect,
  retention,
  schedules,
  tlsOnly,
  trail,
  versioning,
];
