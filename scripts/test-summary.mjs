// Prints the closing line of a test run from vitest's JSON report: `N passed, N failed, N skipped`.
import { readFile } from 'node:fs/promises';

const report = JSON.parse(await readFile(process.argv[2], 'utf8'));
const { numPassedTests, numFailedTests, numPendingTests = 0, numTodoTests = 0, testResults = [] } = report;
// A file that does not load has no tests of its own, and is a failure all the same.
const broken = testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
);
const failed = numFailedTests + broken.length;
for (const { name, message } of broken) process.stdout.write(`did not load: ${name}: ${message}\n`);
process.stdout.write(
  `\n${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped\n`,
);
process.exitCode = failed > 0 || numPassedTests === 0 ? 1 : 0;
