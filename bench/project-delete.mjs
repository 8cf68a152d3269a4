// kill -9 at random moments of `lfctl project delete`, then the same line again: is anything of the project left?
//   node bench/project-delete.mjs [kills] [seed]
// BENCH_SHORT=1 takes three kills: to see that it runs.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Client as ObjectsClient } from 'minio';
import { Client } from 'pg';
import { mustEnd, openPractice, printMachine } from './practice.mjs';

const kills = Number(process.argv[2] ?? (process.env.BENCH_SHORT === '1' ? 3 : 100));
const seed = Number(process.argv[3] ?? 20261121);
const namespace = ['-n', 'hyperplane-langfuse'];
const tracesEach = 10;

const practice = await openPractice('project-delete');
const chance = randomFrom(seed);
const ends = { 'before its first step': 0, 'between its steps': 0, 'after its last step': 0 };
const resumedMs = [];
const left = [];
let wholeMs = 0;
try {
  practice.up();
  const stores = openStores();
  // How long one takes that nobody kills.
  const measured = await makeProject(stores, 'measured');
  const startedMs = performance.now();
  mustEnd(0, practice.lfctl('project', 'delete', measured.id, '--confirm', measured.token));
  wholeMs = performance.now() - startedMs;
  for (let round = 0; round < kills; round += 1) await killOnce(stores, round);
} finally {
  practice.down();
  await practice.close();
}

printMachine();
process.stdout.write(`${kills} kills, seed ${seed}; a whole run takes ${(wholeMs / 1000).toFixed(1)} s\n\n`);
process.stdout.write('| killed | times |\n|---|---|\n');
for (const [when, times] of Object.entries(ends)) process.stdout.write(`| ${when} | ${times} |\n`);
const middle = resumedMs.toSorted((one, other) => one - other)[Math.floor(resumedMs.length / 2)] ?? 0;
process.stdout.write(
  `\nthe same line again: median ${middle.toFixed(0)} ms; left of ${kills} projects: ${left.length}\n`,
);
for (const one of left) process.stdout.write(`${one}\n`);
process.exitCode = left.length === 0 ? 0 : 1;

async function killOnce(stores, round) {
  const { id, token } = await makeProject(stores, `doomed-${round}`);
  const run = practice.start('project', 'delete', id, '--confirm', token);
  await Promise.race([pause(chance() * wholeMs), once(run, 'close')]);
  run.kill('SIGKILL');
  if (run.exitCode === null && run.signalCode === null) await once(run, 'close');
  const { runs } = json('journal');
  const steps = runs.find(({ subject }) => subject === `project ${id}`)?.steps ?? [];
  const done = steps.filter(({ state }) => state === 'done').length;
  const when =
    done === 0 ? 'before its first step' : done < steps.length ? 'between its steps' : 'after its last step';
  ends[when] += 1;
  // Nobody renews it: the next run would watch it for its 15 seconds.
  practice.kubectl('delete', 'lease', '--ignore-not-found', ...namespace, 'lfctl-langfuse-projects');
  const again = practice.lfctl('project', 'delete', id, '--confirm', token);
  resumedMs.push(again.ms);
  // One that was done to its end is not found any more.
  const isOver = again.code === 0 || (again.code === 2 && when === 'after its last step');
  const there = isOver ? await stores.leftOf(id) : [`ended with ${again.code}: ${again.stderr.trim()}`];
  left.push(...there.map((what) => `${id}: ${what}`));
}

function json(...args) {
  return JSON.parse(mustEnd(0, practice.lfctl(...args, '-o', 'json')).stdout).data;
}

/** A project with rows in each store, and the token of its deletion. */
async function makeProject(stores, name) {
  const { id } = json('project', 'create', name).project;
  const [{ publicKey, secretKey }] = json('key', 'create', '-p', id, '--note', name, '--reveal').keys;
  await stores.feed(id, publicKey, secretKey);
  return { id, token: json('project', 'delete', id, '--dry-run').token };
}

function openStores() {
  const ip = (space, service) =>
    mustEnd(0, practice.kubectl('get', 'svc', '-n', space, service, '-o', 'jsonpath={.spec.clusterIP}'))
      .stdout;
  const secret = JSON.parse(
    mustEnd(0, practice.kubectl('get', 'secret', ...namespace, 'langfuse-env', '-o', 'json')).stdout,
  ).data;
  const value = (name) => Buffer.from(secret[name] ?? '', 'base64').toString();
  const home = namespace[1];
  const database = new URL(value('DATABASE_URL'));
  database.hostname = ip(home, 'langfuse-postgresql');
  const url = `http://${ip(home, 'langfuse')}:3000`;
  const clickhouse = `http://${ip(home, 'langfuse-clickhouse')}:8123`;
  const s3 = 'LANGFUSE_S3_EVENT_UPLOAD';
  const objects = new ObjectsClient({
    endPoint: ip('hyperplane-minio', 'minio'),
    port: 9000,
    useSSL: false,
    accessKey: value(`${s3}_ACCESS_KEY_ID`),
    secretKey: value(`${s3}_SECRET_ACCESS_KEY`),
  });
  const ask = async (sql) => {
    const headers = { 'x-clickhouse-user': 'langfuse', 'x-clickhouse-key': value('CLICKHOUSE_PASSWORD') };
    return (await (await fetch(clickhouse, { method: 'POST', headers, body: sql })).text()).trim();
  };
  const tables = `SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase() AND name = 'project_id'`;
  return {
    feed: async (id, publicKey, secretKey) => {
      await feed(url, publicKey, secretKey);
      for (let tries = 0; tries < 200; tries += 1) {
        if (Number(await ask(`SELECT count() FROM scores WHERE project_id = '${id}'`)) >= tracesEach) return;
        await pause(100);
      }
      throw new Error('the traces did not arrive');
    },
    leftOf: async (id) => {
      const found = [];
      const client = new Client({ connectionString: database.href.replace(/\?.*$/, '') });
      await client.connect();
      for (const [table, column] of [
        ['projects', 'id'],
        ['api_keys', 'project_id'],
        ['media', 'project_id'],
      ])
        if ((await client.query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [id])).rowCount > 0)
          found.push(table);
      await client.end();
      for (const table of (await ask(tables)).split('\n'))
        if ((await ask(`SELECT count() FROM ${table} WHERE project_id = '${id}'`)) !== '0') found.push(table);
      for await (const { name } of objects.listObjectsV2(value(`${s3}_BUCKET`), '', true))
        if (name.includes(id)) found.push(name);
      return found;
    },
  };
}

async function feed(url, publicKey, secretKey) {
  const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const post = async (path, body) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    await answer.arrayBuffer();
  };
  for (let index = 0; index < tracesEach; index += 1) {
    const hex = (length) => Array.from({ length }, () => Math.floor(chance() * 16).toString(16)).join('');
    const timestamp = new Date().toISOString();
    const traceId = hex(32);
    const batch = [
      { id: hex(32), type: 'trace-create', timestamp, body: { id: traceId, name: 'bench', timestamp } },
      {
        id: hex(32),
        type: 'score-create',
        timestamp,
        body: { id: hex(32), traceId, name: 'quality', value: 1 },
      },
    ];
    await post('/api/public/ingestion', { batch });
    const nanos = `${Date.now()}000000`;
    const span = {
      traceId,
      spanId: hex(16),
      name: 'bench',
      kind: 1,
      startTimeUnixNano: nanos,
      endTimeUnixNano: nanos,
    };
    const scopeSpans = [{ scope: { name: 'langfuse-sdk' }, spans: [{ ...span, attributes: [] }] }];
    await post('/api/public/otel/v1/traces', { resourceSpans: [{ scopeSpans }] });
  }
}

/** mulberry32: the same numbers for the same seed. */
function randomFrom(start) {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
