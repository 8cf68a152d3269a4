// Memory of `lfctl validate --for 10m --rate 100/s`, beside a Node that does nothing, and whether the rate is kept.
//   node bench/canaries.mjs [generation or stand-in] [duration] [rate]
// The stand-in (stand-in.mjs) takes no time of the machine; a generation is a sandbox of that Langfuse.
// BENCH_SHORT=1 takes 20 s at 50/s: to see that it runs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { memoryMb, openPractice, printMachine } from './practice.mjs';

const short = process.env.BENCH_SHORT === '1';
const [generation = '4', duration = short ? '20s' : '10m', rate = short ? '50/s' : '100/s'] =
  process.argv.slice(2);
const goalMb = 150;
const program = resolve(process.env.LFCTL_DIST ?? 'dist', 'main.js');

const practice = await openPractice(`canaries-${generation}`);
const isStandIn = generation === 'stand-in';
let standIn;
let env = practice.env;
let watched;
let idle;
try {
  if (isStandIn) {
    standIn = spawn(process.execPath, [resolve('bench', 'stand-in.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [address] = await once(standIn.stdout, 'data');
    const url = String(address).trim();
    env = { ...env, ...urls(url) };
  } else practice.up('--langfuse', generation);
  idle = await weigh(spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3000)'], { stdio: 'ignore' }));
  const line = ['validate', '--for', duration, '--rate', rate, '-o', 'json'];
  watched = await weigh(
    spawn(process.execPath, [program, ...line], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
} finally {
  standIn?.kill();
  if (!isStandIn) practice.down();
  await practice.close();
}

const { data } = JSON.parse(watched.stdout);
const { during, residue } = data;
printMachine();
process.stdout.write(
  `lfctl validate --for ${duration} --rate ${rate}, Langfuse ${data.langfuse.version}\n\n`,
);
process.stdout.write('| process | PSS highest MB | PSS median MB | RSS highest MB |\n|---|---|---|---|\n');
for (const [name, { pss, rss }] of Object.entries({ 'node -e setTimeout': idle, 'lfctl validate': watched }))
  process.stdout.write(
    `| ${name} | ${highest(pss)} | ${median(pss)} | ${rss === 0 ? 'not known' : rss.toFixed(0)} |\n`,
  );
const { sent, late, accepted, arrived, lost, duplicated, refusedRequests, ms } = during;
process.stdout.write(
  `\n${JSON.stringify({ exit: watched.code, ms, sent, late, accepted, arrived, lost, duplicated, refusedRequests, residue: residue.total, cleanMs: residue.ms })}\n`,
);
for (const { hop, p50Ms, p95Ms, p99Ms } of during.hops)
  process.stdout.write(`${hop}: p50 ${p50Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms\n`);
if (Math.max(...watched.pss) > goalMb) {
  process.stdout.write(`more than ${goalMb} MB\n`);
  process.exitCode = 1;
}

/** Web and ClickHouse at one address, and no cluster. */
function urls(url) {
  return {
    KUBECONFIG: '',
    LFCTL_URL: url,
    LFCTL_CLICKHOUSE_URL: `${url.replace('://', '://user:password@')}/default`,
    LANGFUSE_PUBLIC_KEY: 'pk-lf-stand-in',
    LANGFUSE_SECRET_KEY: 'sk-lf-stand-in',
  };
}

/** Proportional memory of a process each half second until it ends; its highest resident memory as the kernel keeps it. */
async function weigh(child) {
  let stdout = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  const ended = once(child, 'close');
  const pss = [];
  let rss = 0;
  while (child.exitCode === null && child.signalCode === null) {
    const now = memoryMb([child.pid]);
    if (now > 0) pss.push(now);
    rss = Math.max(rss, peakMb(child.pid));
    await Promise.race([pause(500), ended]);
  }
  const [code] = await ended;
  return { code, stdout, pss, rss };
}

function peakMb(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function highest(values) {
  return Math.max(0, ...values).toFixed(0);
}

function median(values) {
  return (values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0).toFixed(0);
}
