// Runs of doctor under load, with a rolling restart and a scale-up in between: none may find anything.
//   node bench/steady.mjs [runs]
import { mustEnd, openPractice, printMachine, printTimes } from './practice.mjs';

const runs = Number(process.argv[2] ?? 50);
const times = { 'lfctl doctor under 20 requests a second': [] };
const findings = [];
const verdicts = {};
const namespace = ['-n', 'hyperplane-langfuse'];
const both = ['deploy/langfuse', 'deploy/langfuse-worker'];
/** What happens before the run of that number, where kubectl is there. */
const events = new Map([
  [Math.floor(runs * 0.3), ['rollout', 'restart', ...namespace, ...both]],
  [Math.floor(runs * 0.6), ['scale', '--replicas=3', ...namespace, ...both]],
  [Math.floor(runs * 0.8), ['scale', '--replicas=1', ...namespace, ...both]],
]);

const practice = await openPractice('steady');
let load;
try {
  practice.up();
  const hasKubectl = practice.kubectl('version', '--client').code === 0;
  load = practice.start('sandbox', 'load', '--name', practice.name, '--rps', '20', '--for', '1h');
  for (let turn = 0; turn < runs; turn += 1) {
    const event = events.get(turn);
    if (event !== undefined && hasKubectl) mustEnd(0, practice.kubectl(...event));
    const { stdout, ms, code } = practice.lfctl('doctor', '-o', 'json');
    const { data } = JSON.parse(stdout);
    verdicts[`${data.verdict} (${code})`] = (verdicts[`${data.verdict} (${code})`] ?? 0) + 1;
    times['lfctl doctor under 20 requests a second'].push(ms);
    for (const { id, detail } of data.checks.filter(({ status }) => status === 'fail'))
      findings.push(`run ${turn}: ${id}: ${detail}`);
  }
} finally {
  load?.kill('SIGTERM');
  practice.down();
  await practice.close();
}

printMachine();
printTimes(times);
process.stdout.write(`\nverdicts: ${JSON.stringify(verdicts)}\nfailing checks: ${findings.length}\n`);
for (const line of findings) process.stdout.write(`  ${line}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
