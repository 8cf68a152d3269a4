// Requests that fail while API keys are rotated, beside deleting a key and making another; then rotations that are killed.
//   node bench/rotation.mjs [requests] [kills]
// The client reads its pair from a Secret once a second, as one with a mounted file does.
import { spawn } from 'node:child_process';
import { Agent, get } from 'node:http';
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

/** Several at once, each with moments of its own: BENCH_PART=1, 2 and so on. */
const part = Number(process.env.BENCH_PART ?? 0);

const practice = await openPractice(`rotation${part === 0 ? '' : `-${part}`}`);
const json = (ended) => JSON.parse(mustEnd(0, ended).stdout).data;

/** Runs a program while others go on; gives its code and output. */
async function ended(file, args, killAfterMs) {
  const child = spawn(file, args, { env: practice.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const killer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const code = await new Promise((done) => child.on('close', done));
  clearTimeout(killer);
  return { code, stdout, stderr };
}

const beside = async (args, killAfterMs) => await ended(process.execPath, [program, ...args], killAfterMs);

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

const readSecret = ['get', 'secret', '-n', namespace, 'bench-keys', '-o', 'json'];
const valueOf = (stdout, key) => Buffer.from(JSON.parse(stdout).data[key], 'base64').toString();
const loginOf = (stdout) => {
  const pair = ['LANGFUSE_PUBLIC_KEY', 'LANGFUSE_SECRET_KEY'].map((key) => valueOf(stdout, key));
  return `Basic ${Buffer.from(pair.join(':')).toString('base64')}`;
};

/** Public key that the consumer's Secret has now. */
const current = async () =>
  valueOf(mustEnd(0, await ended('kubectl', readSecret)).stdout, 'LANGFUSE_PUBLIC_KEY');

const firstLogin = () => loginOf(mustEnd(0, practice.kubectl(...readSecret)).stdout);

/** Undefined where the Secret cannot be read at the moment: the client goes on with what it has. */
async function nextLogin() {
  const { code, stdout } = await ended('kubectl', readSecret);
  return code === 0 ? loginOf(stdout) : undefined;
}

/** Address of web inside of the sandbox, which is one of this machine. */
function webUrl() {
  const line = ['get', 'service', '-n', 'hyperplane-langfuse', 'langfuse', '-o', 'json'];
  const { spec } = JSON.parse(mustEnd(0, practice.kubectl(...line)).stdout);
  return `http://${spec.clusterIP}:${spec.ports[0].port}`;
}

const benchKeys = () =>
  json(practice.lfctl('key', 'list', '-o', 'json'))
    .keys.filter(({ note }) => note === 'bench')
    .map(({ publicKey }) => publicKey);

const rotate = async () => mustEnd(0, await beside(['key', 'rotate', await current(), ...grace]));

/** What many do by hand, or with a tool that destroys before it creates. */
async function deleteAndCreate() {
  const line = ['key', 'revoke', await current()];
  const { token } = json(await beside([...line, '--dry-run', '-o', 'json']));
  mustEnd(0, await beside([...line, '--confirm', token]));
  mustEnd(0, await ended('kubectl', ['delete', 'secret', '-n', namespace, 'bench-keys']));
  await makeKey();
  await pause(3000);
}

/** Requests at a steady rate while the key is changed again and again. */
async function underLoad(change) {
  const seconds = Math.ceil(requests / rps);
  const client = startClient();
  let changes = 0;
  const startedMs = performance.now();
  await pause(1000);
  while (performance.now() - startedMs < seconds * 1000) {
    await change();
    changes += 1;
  }
  return { ...(await client.end()), changes };
}

/** A client with kept connections that asks for its project, `rps` times a second, with the pair of the moment. */
function startClient() {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const web = webUrl();
  const answers = {};
  const open = new Set();
  let login = firstLogin();
  const reading = setInterval(() => void nextLogin().then((next) => (login = next ?? login)), 1000);
  const startedMs = performance.now();
  let sent = 0;
  const count = async () => {
    const text = await ask(`${web}/api/public/projects`, { agent, headers: { authorization: login } });
    answers[text] = (answers[text] ?? 0) + 1;
  };
  const send = () => {
    sent += 1;
    const answer = count();
    open.add(answer);
    void answer.finally(() => open.delete(answer));
  };
  const sending = setInterval(() => {
    while (sent < ((performance.now() - startedMs) * rps) / 1000) send();
  }, 2);
  return {
    end: async () => {
      clearInterval(sending);
      clearInterval(reading);
      await Promise.all(open);
      agent.destroy();
      return { sent, accepted: answers['200'] ?? 0, answers };
    },
  };
}

const ask = (url, options) =>
  new Promise((done) => {
    const request = get(url, { ...options, timeout: 10_000 }, (answer) => {
      answer.resume();
      answer.on('end', () => done(String(answer.statusCode)));
    });
    request.on('timeout', () => request.destroy(new Error('no answer in 10 s')));
    request.on('error', (error) => done(error.code ?? error.message));
  });

/** The same numbers in every run. */
function seeded(seed) {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

async function killed() {
  const startedMs = performance.now();
  await rotate();
  const usualMs = performance.now() - startedMs;
  const random = seeded(3 + part);
  let same = 0;
  let cut = 0;
  for (let turn = 0; turn < kills; turn += 1) {
    const old = await current();
    const first = await beside(['key', 'rotate', old, ...grace], random() * usualMs);
    if (first.code === null) cut += 1;
    const second = await beside(['key', 'rotate', old, ...grace]);
    // A run that had come to its end before it was killed leaves no such key.
    const isEnd = second.code === 0 || /KEY_UNKNOWN/.test(second.stderr);
    const keys = benchKeys();
    if (isEnd && keys.length === 1 && keys[0] === (await current()) && keys[0] !== old) same += 1;
    else process.stderr.write(`kill ${turn}: ${second.code} ${second.stderr}${second.stdout}\n`);
  }
  return { cut, same };
}

const rows = [];
let ends;
try {
  practice.up('--langfuse', '3');
  await makeKey();
  if (requests > 0) {
    rows.push({ name: '`lfctl key rotate`', ...(await underLoad(rotate)) });
    rows.push({ name: 'delete and create', ...(await underLoad(deleteAndCreate)) });
  }
  ends = await killed();
} finally {
  practice.down();
  await practice.close();
}

printMachine();
process.stdout.write('| way | requests | changes of the key | failed | answers |\n|---|---|---|---|---|\n');
for (const { name, sent, accepted, changes, answers } of rows)
  process.stdout.write(
    `| ${name} | ${sent} | ${changes} | ${sent - accepted} | ${JSON.stringify(answers)} |\n`,
  );
process.stdout.write(
  `\nkilled with SIGKILL at ${kills} seeded moments, ${ends.cut} of them before the end: `,
);
process.stdout.write(`${ends.same} of ${kills} came to the same end with the same line again\n`);
process.exitCode = ends.same === kills && rows[0]?.sent === rows[0]?.accepted ? 0 : 1;
