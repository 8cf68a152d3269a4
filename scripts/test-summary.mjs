// Prints the closing line of a test run from vitest's JSON report: `N passed, N failed, N skipped`.
// With --failed it prints the few files that had failures instead, and exits 1 where there are none or too many.
// A second report is of those files, run again alone: what passed there is named as unsteady, and counts as passed.
import { readFile } from 'node:fs/promises';

/** More files than this are no wobble of a busy machine. */
const fewFiles = 4;

const read = async (file) => JSON.parse(await readFile(file, 'utf8')).testResults;
const [first, second] = process.argv.slice(2).filter((argument) => argument !== '--failed');
const files = await read(first);
const again = second === undefined ? [] : await read(second).catch(() => []);
// Errors that no test awaited: they fail a run in which every test passed.
const unhandledOf = async (file) => JSON.parse(await readFile(`${file}.errors`, 'utf8').catch(() => '[]'));
const unhandled = await unhandledOf(first);
const unhandledAgain = second === undefined ? [] : await unhandledOf(second);
// A file that does not load has no tests of its own, and is a failure all the same.
const isBroken = ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0;
const failedTests = ({ assertionResults }) => assertionResults.filter(({ status }) => status === 'failed');
const hasFailed = (file) => isBroken(file) || failedTests(file).length > 0;

if (process.argv.includes('--failed')) listFailed();
else summarize();

function listFailed() {
  // One without a file cannot be looked at again alone.
  const from = unhandled.map(({ file }) => file ?? 'nowhere');
  const failed = [...new Set([...files.filter(hasFailed).map(({ name }) => name), ...from])];
  process.exitCode = failed.length === 0 || failed.length > fewFiles || failed.includes('nowhere') ? 1 : 0;
  if (process.exitCode === 0) process.stdout.write(`${failed.join('\n')}\n`);
}

function summarize() {
  for (const { name, fullName } of unsteady()) process.stdout.write(`unsteady: ${fullName} (${name})\n`);
  const left = again.length === 0 ? unhandled : unhandledAgain;
  for (const { file, message } of unhandled.slice(left === unhandled ? unhandled.length : 0))
    process.stdout.write(`unsteady: unhandled error: ${message} (${file})\n`);
  for (const { file, message } of left) process.stdout.write(`unhandled error: ${message} (${file})\n`);
  const repeated = new Map(again.map((file) => [file.name, file]));
  const last = files.map((file) => repeated.get(file.name) ?? file);
  for (const { name, message } of last.filter(isBroken))
    process.stdout.write(`did not load: ${name}: ${message}\n`);
  const tests = last.flatMap(({ assertionResults }) => assertionResults);
  const count = (status) => tests.filter((test) => test.status === status).length;
  const failed = count('failed') + last.filter(isBroken).length + left.length;
  const passed = count('passed');
  process.stdout.write(
    `\n${passed} passed, ${failed} failed, ${tests.length - passed - count('failed')} skipped\n`,
  );
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

/** Tests that failed among all others and passed alone. */
function unsteady() {
  const passed = new Set(
    again.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'passed')
        .map(({ fullName }) => `${name} ${fullName}`),
    ),
  );
  return files
    .flatMap((file) => failedTests(file).map(({ fullName }) => ({ name: file.name, fullName })))
    .filter(({ name, fullName }) => passed.has(`${name} ${fullName}`));
}
