// A sandbox of its own for a benchmark, driven by the built lfctl, and what it takes to time and to weigh it.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, release, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';

const program = resolve(process.env.LFCTL_DIST ?? 'dist', 'main.js');

/** Folders and environment; nothing is started yet. */
export async function openPractice(name) {
  const folder = await mkdtemp(join(tmpdir(), `lfctl-bench-${name}-`));
  const root = join(folder, 'lfctl', 'sandbox', name);
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    XDG_STATE_HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    KUBECONFIG: join(root, 'kubeconfig'),
  };
  const lfctl = (...args) => run(process.execPath, [program, ...args], env);
  return {
    name,
    folder,
    env,
    lfctl,
    up: (...more) => mustEnd(0, lfctl('sandbox', 'up', '--name', name, ...more)),
    down: () => mustEnd(0, lfctl('sandbox', 'down', '--name', name)),
    close: () => rm(folder, { recursive: true, force: true }),
    start: (...args) => spawn(process.execPath, [program, ...args], { env, stdio: 'ignore' }),
    kubectl: (...args) => run('kubectl', args, env),
    processes: (pattern = /./) => family([...roots(root, pattern)]),
    supervisor: () => json(join(root, 'supervisor.json'))?.pid,
  };
}

/** Runs a program to its end; gives its code, output and time. */
export function run(file, args, env) {
  const startedMs = performance.now();
  const { status, stdout, stderr } = spawnSync(file, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return { code: status, stdout, stderr, ms: performance.now() - startedMs };
}

export function mustEnd(code, ended) {
  if (ended.code !== code)
    throw new Error(`ended with ${ended.code}, not ${code}:\n${ended.stdout}${ended.stderr}`);
  return ended;
}

/** Pids of the containers whose pod's name fits, as the kubelet wrote them down. */
function* roots(root, pattern) {
  const pods = join(root, 'node', 'pods');
  for (const pod of names(pods))
    for (const container of names(join(pods, pod, 'containers'))) {
      const pid = json(join(pods, pod, 'containers', container, 'record.json'))?.process?.pid;
      if (pid !== undefined && pattern.test(pod)) yield pid;
    }
}

/** Those processes and all that they started. */
export function family(pids) {
  const rows = run('ps', ['-A', '-o', 'pid=,ppid='], process.env)
    .stdout.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const all = new Set(pids);
  for (let before = -1; before !== all.size;) {
    before = all.size;
    for (const [pid, parent] of rows) if (all.has(parent)) all.add(pid);
  }
  return [...all];
}

/** Proportional memory of processes, in MB: what they share is counted once. Linux only. */
export function memoryMb(pids) {
  const kilobytes = pids.map((pid) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

/** A process that ended and waits for its parent to notice does not count. */
export function isRunning(pid) {
  const { stdout } = run('ps', ['-o', 'stat=', '-p', String(pid)], process.env);
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

function names(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function json(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const at = (values, share) =>
  values.toSorted((left, right) => left - right)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ];

/** Prints a table of medians and 95th percentiles, in milliseconds, by name of a series. */
export function printTimes(series) {
  process.stdout.write('| what | runs | median ms | p95 ms |\n|---|---|---|---|\n');
  for (const [name, values] of Object.entries(series))
    if (values.length > 0)
      process.stdout.write(
        `| ${name} | ${values.length} | ${at(values, 0.5).toFixed(0)} | ${at(values, 0.95).toFixed(0)} |\n`,
      );
}

/** Where it ran. */
export function printMachine() {
  const [cpu] = cpus();
  const text = `${cpus().length} cores (${cpu?.model.trim()}), ${process.platform} ${release()}, Node ${process.versions.node}`;
  process.stdout.write(`${text}, ${new Date().toISOString().slice(0, 10)}\n\n`);
}
