// Sums the tests of the JSON reports in a folder: `N passed, N failed`, after what failed and why: of a long log often only the end is kept.
// Steps that failed beside the tests count as failures too.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const [folder = '.', failedSteps = '0'] = process.argv.slice(2);
const sum = { passed: 0, failed: 0, skipped: 0 };
let failingReports = 0;

function tell(report) {
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    const why =
      failed.length === 0 && file.status === 'failed' ? [{ fullName: '', failureMessages: [file.message] }] : failed;
    for (const { fullName, failureMessages } of why) {
      process.stdout.write(
        `== FAILED: ${relative(process.cwd(), file.name)} ${fullName}\n${failureMessages.join('\n').slice(0, 2000)}\n`,
      );
    }
  }
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  sum.passed += report.numPassedTests;
  sum.failed += report.numFailedTests;
  sum.skipped += report.numPendingTests + report.numTodoTests;
  tell(report);
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
