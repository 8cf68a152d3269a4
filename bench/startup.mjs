// Start-up: `lfctl --help` against `node -e 0`, alternating so that both see the same machine. Writes medians.
//   node bench/startup.mjs [runs] [path of main.js]
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

const runs = Number(process.argv[2] ?? 25);
const program = process.argv[3] ?? 'bin/lfctl.js';
const lines = {
  'node -e 0': ['-e', '0'],
  'lfctl --version': [program, '--version'],
  'lfctl --help': [program, '--help'],
  'lfctl config view --help': [program, 'config', 'view', '--help'],
  'lfctl config view': [program, 'config', 'view'],
};

const times = Object.fromEntries(Object.keys(lines).map((name) => [name, []]));
for (let run = 0; run < runs + 2; run += 1)
  for (const [name, args] of Object.entries(lines)) {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.toString()}`);
    // The first two fill the page cache.
    if (run >= 2) times[name].push(performance.now() - start);
  }

const at = (values, share) =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length * share)];
const base = at(times['node -e 0'], 0.5);
process.stdout.write('| command | median ms | p90 ms | × node -e 0 |\n|---|---|---|---|\n');
for (const [name, values] of Object.entries(times)) {
  const median = at(values, 0.5);
  const row = [name, median.toFixed(0), at(values, 0.9).toFixed(0), (median / base).toFixed(2)];
  process.stdout.write(`| ${row.join(' | ')} |\n`);
}
