// Time to the verdict of `lfctl validate` on a healthy Langfuse 3 and 4, with the real ingestion delay and write interval.
//   node bench/validate.mjs [runs]
import { mustEnd, openPractice, printMachine, printTimes } from './practice.mjs';

const runs = Number(process.argv[2] ?? 20);
const goalMs = 10_000;
const times = {};
const verdicts = {};
const late = [];

for (const generation of ['3', '4']) {
  const practice = await openPractice(`validate-${generation}`);
  const verdictMs = (times[`verdict on Langfuse ${generation}`] = []);
  const wholeMs = (times[`whole run on Langfuse ${generation}, removal included`] = []);
  try {
    practice.up('--langfuse', generation);
    for (let turn = 0; turn < runs; turn += 1) {
      const { stdout, ms } = mustEnd(0, practice.lfctl('validate', '-o', 'json'));
      const { verdict, ms: toVerdictMs, residue } = JSON.parse(stdout).data;
      const row = `Langfuse ${generation}: ${verdict}, ${residue.total} left`;
      verdicts[row] = (verdicts[row] ?? 0) + 1;
      verdictMs.push(toVerdictMs);
      wholeMs.push(ms);
    }
  } finally {
    practice.down();
    await practice.close();
  }
  const p95 = verdictMs.toSorted((a, b) => a - b)[Math.ceil(verdictMs.length * 0.95) - 1];
  if (p95 > goalMs) late.push(`Langfuse ${generation}: p95 ${Math.round(p95)} ms, goal ${goalMs}`);
}

printMachine();
printTimes(times);
process.stdout.write(`\nverdicts: ${JSON.stringify(verdicts)}\n`);
for (const line of late) process.stdout.write(`  ${line}\n`);
process.exitCode = late.length === 0 ? 0 : 1;
