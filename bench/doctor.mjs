// doctor on a healthy sandbox and on one whose stores never answer, beside what kubectl alone needs to show pods and logs.
//   node bench/doctor.mjs [healthy runs] [black-holed runs]
import { mustEnd, openPractice, printMachine, printTimes } from './practice.mjs';

const healthyRuns = Number(process.argv[2] ?? 25);
const silentRuns = Number(process.argv[3] ?? 5);
const stores = /clickhouse|redis|postgresql|minio/;
const times = {
  'lfctl doctor, healthy': [],
  'lfctl status, healthy': [],
  'kubectl get pods,deploy -A + logs of web and worker': [],
  'lfctl doctor, every store silent': [],
};
const codes = {};

const practice = await openPractice('doctor');
try {
  practice.up();
  const hasKubectl = practice.kubectl('version', '--client').code === 0;
  for (let turn = 0; turn < healthyRuns; turn += 1) {
    times['lfctl doctor, healthy'].push(mustEnd(0, practice.lfctl('doctor')).ms);
    times['lfctl status, healthy'].push(mustEnd(0, practice.lfctl('status')).ms);
    if (hasKubectl) times['kubectl get pods,deploy -A + logs of web and worker'].push(peer());
  }
  const stopped = practice.processes(stores);
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  try {
    for (let turn = 0; turn < silentRuns; turn += 1) {
      const { code, ms } = practice.lfctl('doctor');
      codes[code] = (codes[code] ?? 0) + 1;
      times['lfctl doctor, every store silent'].push(ms);
    }
  } finally {
    for (const pid of stopped)
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // The kubelet has ended it meanwhile.
      }
  }
} finally {
  practice.down();
  await practice.close();
}

printMachine();
printTimes(times);
process.stdout.write(`\nexit codes with every store silent: ${JSON.stringify(codes)}\n`);

/** What a person reads first without lfctl; it judges nothing and looks into no store. */
function peer() {
  const steps = [
    ['get', 'pods,deploy', '-A'],
    ['logs', '-n', 'hyperplane-langfuse', 'deploy/langfuse', '--tail', '500'],
    ['logs', '-n', 'hyperplane-langfuse', 'deploy/langfuse-worker', '--tail', '500'],
  ];
  return steps.reduce((sum, args) => sum + mustEnd(0, practice.kubectl(...args)).ms, 0);
}
