// How long a sandbox takes to be ready and to be gone, what it weighs at rest, and whether anything is left behind.
//   node bench/sandbox.mjs [runs] [seconds at rest]
import { existsSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { family, isRunning, memoryMb, openPractice, printMachine, printTimes } from './practice.mjs';

const runs = Number(process.argv[2] ?? 10);
const restMs = Number(process.argv[3] ?? 10) * 1000;
const times = { 'sandbox up': [], 'sandbox up, already up': [], 'sandbox down': [] };
const memory = [];
const left = [];

for (let turn = 0; turn < runs; turn += 1) {
  const practice = await openPractice('start');
  times['sandbox up'].push(practice.up().ms);
  times['sandbox up, already up'].push(practice.up().ms);
  const pids = family([practice.supervisor(), ...practice.processes()]);
  if (turn === 0) {
    await rest(restMs);
    memory.push(memoryMb(family([practice.supervisor(), ...practice.processes()])));
  }
  // Run as root its pods may live elsewhere, where Postgres' user can reach them.
  const state = join(practice.folder, 'lfctl', 'sandbox');
  const node = realpathSync(join(state, practice.name, 'node'));
  times['sandbox down'].push(practice.down().ms);
  left.push(...pids.filter(isRunning).map((pid) => `process ${pid}`));
  if (existsSync(node)) left.push(node);
  if (existsSync(state)) left.push(...(await readdir(state)).map((name) => `state ${name}`));
  await practice.close();
}

printMachine();
printTimes(times);
const [megabytes] = memory;
process.stdout.write(
  `\nmemory after ${restMs / 1000} s at rest (PSS of all its processes): ${megabytes?.toFixed(0)} MB\n`,
);
process.stdout.write(`left behind: ${left.length === 0 ? 'nothing' : left.join(', ')}\n`);
