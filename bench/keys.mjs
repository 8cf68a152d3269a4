// How long a revoked key is still accepted on three web pods: lfctl key revoke beside a DELETE by SQL alone.
//   node bench/keys.mjs [revocations] [requests per second and pod]
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { mustEnd, openPractice, printMachine } from './practice.mjs';

const rounds = Number(process.argv[2] ?? 30);
const rate = Number(process.argv[3] ?? 20);
const namespace = ['-n', 'hyperplane-langfuse'];
/** How long the key that went by SQL is watched; its cache entry lives 300 s after each use. */
const watchMs = 15_000;

const practice = await openPractice('keys');
const lasted = [];
const proven = [];
let plain;
try {
  practice.up();
  mustEnd(0, practice.kubectl('scale', '--replicas=3', ...namespace, 'deploy/langfuse'));
  mustEnd(0, practice.kubectl('rollout', 'status', '--timeout=60s', ...namespace, 'deploy/langfuse'));
  const pods = podAddresses();
  if (pods.length !== 3) throw new Error(`${pods.length} web pods, not 3`);
  const database = await openDatabase();
  for (let round = 0; round < rounds; round += 1) {
    const { last, ms } = await byLfctl(pods, database);
    lasted.push(last);
    proven.push(ms);
  }
  plain = await bySql(pods, database);
  await database.end();
} finally {
  practice.down();
  await practice.close();
}

printMachine();
const at = (values, part) =>
  values.toSorted((left, right) => left - right)[
    Math.min(values.length - 1, Math.floor(values.length * part))
  ];
process.stdout.write(
  `${rounds} revocations, 3 web pods, ${rate} requests/s each\n\n| what | median ms | p99 ms | highest ms |\n|---|---|---|---|\n`,
);
const line = (name, values) =>
  process.stdout.write(`| ${name} | ${at(values, 0.5)} | ${at(values, 0.99)} | ${at(values, 1)} |\n`);
line('row gone → last accepted request, `lfctl key revoke`', lasted);
line('row gone → refused by each pod, as lfctl says', proven);
process.stdout.write(
  `| \`DELETE\` by SQL alone | ${plain.accepted} of ${plain.sent} requests accepted in the ${watchMs / 1000} s after it | | |\n`,
);
process.exitCode = at(lasted, 0.99) <= 1000 ? 0 : 1;

function podAddresses() {
  const { stdout } = mustEnd(0, practice.kubectl('get', 'pods', ...namespace, '-o', 'json'));
  return JSON.parse(stdout)
    .items.filter(({ metadata }) => /^langfuse-[a-z0-9]+-[a-z0-9]+$/.test(metadata.name))
    .filter(({ spec }) => spec.containers.some(({ image }) => /langfuse\/langfuse:/.test(image)))
    .map(({ status }) => status.podIP);
}

async function openDatabase() {
  const read = (...words) => mustEnd(0, practice.kubectl('get', ...namespace, ...words)).stdout;
  const encoded = read('secret', 'langfuse-env', '-o', 'jsonpath={.data.DATABASE_URL}');
  const url = new URL(Buffer.from(encoded, 'base64').toString());
  url.hostname = read('service', 'langfuse-postgresql', '-o', 'jsonpath={.spec.clusterIP}');
  const client = new Client({ connectionString: url.href });
  await client.connect();
  return client;
}

function newKey() {
  const made = mustEnd(
    0,
    practice.lfctl('key', 'create', '-p', 'production', '--note', 'bench', '--reveal', '-o', 'json'),
  );
  return JSON.parse(made.stdout).data.keys[0];
}

/** Asks every pod at the rate until it is stopped; keeps when each accepted request was sent. */
function hammer(pods, { publicKey, secretKey }) {
  const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;
  const accepted = [];
  let sent = 0;
  const state = { running: true };
  const each = async (pod) => {
    while (state.running) {
      const atMs = Date.now();
      sent += 1;
      const answer = await fetch(`http://${pod}:3000/api/public/projects`, { headers: { authorization } });
      await answer.arrayBuffer();
      if (answer.status === 200) accepted.push(atMs);
      await pause(Math.max(0, 1000 / rate - (Date.now() - atMs)));
    }
  };
  const all = Promise.all(pods.map(each));
  return {
    accepted,
    sent: () => sent,
    stop: async () => {
      state.running = false;
      await all;
    },
  };
}

async function isThere(database, publicKey) {
  const { rowCount } = await database.query('select from api_keys where public_key = $1', [publicKey]);
  return rowCount === 1;
}

async function byLfctl(pods, database) {
  const key = newKey();
  const client = hammer(pods, key);
  await pause(500);
  const dry = mustEnd(0, practice.lfctl('key', 'revoke', key.publicKey, '--dry-run', '-o', 'json'));
  const { token } = JSON.parse(dry.stdout).data;
  const revoking = practice.start('key', 'revoke', key.publicKey, '--confirm', token, '-q');
  const ended = new Promise((resolve) => revoking.on('exit', resolve));
  while (await isThere(database, key.publicKey)) await pause(2);
  const goneMs = Date.now();
  if ((await ended) !== 0) throw new Error('the revocation was not finished');
  const provenMs = Date.now() - goneMs;
  await pause(1000);
  await client.stop();
  const last = Math.max(0, (client.accepted.at(-1) ?? 0) - goneMs);
  return { last, ms: provenMs };
}

async function bySql(pods, database) {
  const key = newKey();
  const client = hammer(pods, key);
  await pause(500);
  await database.query('delete from api_keys where public_key = $1', [key.publicKey]);
  const goneMs = Date.now();
  const before = client.sent();
  await pause(watchMs);
  await client.stop();
  return {
    accepted: client.accepted.filter((atMs) => atMs > goneMs).length,
    sent: client.sent() - before,
  };
}
