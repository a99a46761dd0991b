// Sums the tests of the JSON reports in a folder: `N passed, N failed`. Steps that failed beside the tests count as failures too.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '.', failedSteps = '0'] = process.argv.slice(2);
const sum = { passed: 0, failed: 0, skipped: 0 };
let failingReports = 0;
for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  sum.passed += report.numPassedTests;
  sum.failed += report.numFailedTests;
  sum.skipped += report.numPendingTests + report.numTodoTests;
  // A test run with failing tests is a failed step already: do not count it twice.
  if (report.numFailedTests > 0) failingReports += 1;
}
sum.failed += Math.max(0, Number(failedSteps) - failingReports);
if (sum.skipped > 0) {
  process.stdout.write(`${sum.skipped} skipped: with CI=true a skip is a failure\n`);
  sum.failed += sum.skipped;
}
process.stdout.write(`${sum.passed} passed, ${sum.failed} failed\n`);
process.exit(sum.failed > 0 ? 1 : 0);
