// Requests that fail while API keys are rotated, beside deleting a key and making another; then rotations that are killed.
//   node bench/rotation.mjs [requests] [kills]
// The client reads its pair from a Secret once a second, as one with a mounted file does.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mustEnd, openPractice, printMachine } from './practice.mjs';

const isShort = process.env.BENCH_SHORT === '1';
const requests = Number(process.argv[2] ?? (isShort ? 5000 : 100_000));
const kills = Number(process.argv[3] ?? (isShort ? 5 : 100));
const rps = Number(process.env.BENCH_RPS ?? 500);
const program = resolve(process.env.LFCTL_DIST ?? 'dist', 'main.js');
const namespace = 'hyperplane-litellm';
const secret = `${namespace}/bench-keys`;
const grace = ['--grace', '3s', '--max-wait', '2m', '--yes', '-o', 'json'];

const practice = await openPractice('rotation');
const json = (ended) => JSON.parse(mustEnd(0, ended).stdout).data;

/** Runs lfctl beside others; gives its code and output. */
async function beside(args, killAfterMs) {
  const child = spawn(process.execPath, [program, ...args], {
    env: practice.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const killer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const code = await new Promise((done) => child.on('close', done));
  clearTimeout(killer);
  return { code, stdout, stderr };
}

const makeKey = () =>
  json(
    practice.lfctl(
      'key',
      'create',
      '-p',
      'production',
      '--note',
      'bench',
      '--to-secret',
      secret,
      '-o',
      'json',
    ),
  );

/** Public key that the consumer's Secret has now. */
function current() {
  const { stdout } = mustEnd(
    0,
    practice.kubectl('get', 'secret', '-n', namespace, 'bench-keys', '-o', 'json'),
  );
  return Buffer.from(JSON.parse(stdout).data.LANGFUSE_PUBLIC_KEY, 'base64').toString();
}

const benchKeys = () =>
  json(practice.lfctl('key', 'list', '-o', 'json'))
    .keys.filter(({ note }) => note === 'bench')
    .map(({ publicKey }) => publicKey);

const rotate = async () => mustEnd(0, await beside(['key', 'rotate', current(), ...grace]));

/** What many do by hand, or with a tool that destroys before it creates. */
async function deleteAndCreate() {
  const line = ['key', 'revoke', current()];
  const { token } = json(await beside([...line, '--dry-run', '-o', 'json']));
  mustEnd(0, await beside([...line, '--confirm', token]));
  mustEnd(0, practice.kubectl('delete', 'secret', '-n', namespace, 'bench-keys'));
  makeKey();
  await pause(3000);
}

/** Requests at a steady rate while the key is changed again and again. */
async function underLoad(change) {
  const seconds = Math.ceil(requests / rps);
  const line = ['sandbox', 'load', '--name', practice.name, '--secret', secret, '--rps', String(rps)];
  const load = beside([...line, '--for', `${seconds}s`, '-o', 'json']);
  let changes = 0;
  const startedMs = performance.now();
  await pause(1000);
  while (performance.now() - startedMs < (seconds - 10) * 1000) {
    await change();
    changes += 1;
  }
  return { ...JSON.parse((await load).stdout).data, changes };
}

/** The same numbers in every run. */
function seeded(seed) {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

async function killed() {
  const startedMs = performance.now();
  await rotate();
  const usualMs = performance.now() - startedMs;
  const random = seeded(3);
  let same = 0;
  let cut = 0;
  for (let turn = 0; turn < kills; turn += 1) {
    const old = current();
    const first = await beside(['key', 'rotate', old, ...grace], random() * usualMs);
    if (first.code === null) cut += 1;
    const second = await beside(['key', 'rotate', old, ...grace]);
    // A run that had come to its end before it was killed leaves no such key.
    const isEnd = second.code === 0 || /KEY_UNKNOWN/.test(second.stderr);
    const keys = benchKeys();
    if (isEnd && keys.length === 1 && keys[0] === current() && keys[0] !== old) same += 1;
    else process.stderr.write(`kill ${turn}: ${second.code} ${second.stderr}${second.stdout}\n`);
  }
  return { cut, same };
}

const rows = [];
let ends;
try {
  practice.up('--langfuse', '3');
  makeKey();
  for (const [name, change] of [
    ['`lfctl key rotate`', rotate],
    ['delete and create', deleteAndCreate],
  ])
    rows.push([name, await underLoad(change)]);
  ends = await killed();
} finally {
  practice.down();
  await practice.close();
}

printMachine();
process.stdout.write('| way | requests | changes of the key | failed | answers |\n|---|---|---|---|---|\n');
for (const [name, { sent, accepted, changes, answers }] of rows)
  process.stdout.write(
    `| ${name} | ${sent} | ${changes} | ${sent - accepted} | ${JSON.stringify(answers)} |\n`,
  );
process.stdout.write(
  `\nkilled with SIGKILL at ${kills} seeded moments, ${ends.cut} of them before the end: `,
);
process.stdout.write(`${ends.same} of ${kills} came to the same end with the same line again\n`);
process.exitCode = ends.same === kills && rows[0][1].sent === rows[0][1].accepted ? 0 : 1;
