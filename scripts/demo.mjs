// The tour: a practice deployment, a healthy diagnosis, a fault found, mended, and nothing left behind.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const state = await mkdtemp(join(tmpdir(), 'lfctl-demo-'));
const name = `demo-${process.pid}`;
const kubeconfig = join(state, 'lfctl', 'sandbox', name, 'kubeconfig');
// Only what a stranger's machine has: nothing of the caller's own clusters and Langfuse settings.
const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TERM', 'NO_COLOR', 'CLICOLOR_FORCE', 'XDG_CACHE_HOME'];
const env = Object.fromEntries(
  kept.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])),
);
Object.assign(env, { XDG_STATE_HOME: state, XDG_CONFIG_HOME: join(state, 'config'), KUBECONFIG: kubeconfig });

const began = performance.now();
const elapsed = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
const say = (line) => process.stdout.write(`${line}\n`);
let running = null;

/** Runs one line, shows it with its output, and resolves with code and output. */
function run(shown, file, args, show = (chunk) => process.stdout.write(chunk)) {
  say(`\n$ ${shown}`);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: home, env, stdio: ['ignore', 'pipe', 'inherit'] });
    running = child;
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      show(chunk);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running = null;
      resolve({ code: code ?? signal, output });
    });
  });
}

const lfctl = (...args) =>
  run(`lfctl ${args.join(' ')}`, process.execPath, [join(home, 'bin', 'lfctl.js'), ...args]);

/** Stops the tour when a step is not what it should be. */
async function step(result, code, text = /^/) {
  const { code: got, output } = await result;
  if (got !== code) throw new Error(`that should have ended with exit code ${code}, and it was ${got}`);
  if (!text.test(output)) throw new Error(`that should have said ${text.source}`);
}

/** The root cause, as a script reads it. */
async function firstCause() {
  const doctor = [join(home, 'bin', 'lfctl.js'), 'doctor', '-o', 'json'];
  const { code, output } = await run(
    'lfctl doctor -o json | jq .data.causes[0].id',
    process.execPath,
    doctor,
    () => {},
  );
  const [cause] = JSON.parse(output).data.causes;
  say(JSON.stringify(cause?.id));
  if (code !== 1 || cause?.id !== 'redis/reachable')
    throw new Error(`the first cause should be redis/reachable, with exit code 1, and it was ${code}`);
}

async function tour() {
  await step(run('npm run build', process.execPath, ['build.mjs']), 0);
  await step(lfctl('sandbox', 'up', '--name', name), 0);
  say(`\n# a Langfuse 3 deployment with all its stores, ${elapsed()} after the start`);
  await step(lfctl('status'), 0);
  await step(lfctl('doctor'), 0);
  await step(lfctl('sandbox', 'break', 'redis-down', '--name', name), 0);
  await step(lfctl('doctor'), 1, /redis\/reachable/);
  await firstCause();
  await step(lfctl('sandbox', 'mend', 'redis-down', '--name', name), 0);
  await step(lfctl('doctor'), 0);
}

async function tearDown() {
  if (existsSync(join(state, 'lfctl', 'sandbox', name)))
    await step(lfctl('sandbox', 'down', '--name', name), 0);
  const left = existsSync(join(state, 'lfctl', 'sandbox'))
    ? await readdir(join(state, 'lfctl', 'sandbox'))
    : [];
  await rm(state, { recursive: true, force: true });
  if (left.length > 0) throw new Error(`down left ${left.join(', ')} behind`);
}

let stopped = null;
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => {
    stopped = code;
    running?.kill(signal);
  });

try {
  await tour();
} catch (error) {
  process.exitCode = stopped ?? 1;
  say(`\n# the tour stops here: ${error.message}`);
}
try {
  await tearDown();
} catch (error) {
  process.exitCode ??= 1;
  say(`\n# not torn down cleanly: ${error.message}`);
}
if (process.exitCode === undefined) say(`\n# found, mended and torn down in ${elapsed()}`);
