// How long a sandbox of each Langfuse takes to be ready and to be gone, what it weighs at rest, and whether anything is
// left behind.
//   node bench/sandbox.mjs [runs] [seconds at rest]
import { existsSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { family, isRunning, memoryMb, openPractice, printMachine, printTimes } from './practice.mjs';

const runs = Number(process.argv[2] ?? 10);
const restMs = Number(process.argv[3] ?? 10) * 1000;
const generations = ['2', '3', '4'];
const times = {};
const memory = {};
const left = [];

for (let turn = 0; turn < runs; turn += 1)
  for (const generation of generations) {
    const practice = await openPractice('start');
    const add = (what, ms) => (times[`Langfuse ${generation}: ${what}`] ??= []).push(ms);
    const up = () => practice.up('--langfuse', generation).ms;
    add('sandbox up', up());
    add('sandbox up, already up', up());
    const processes = () => family([practice.supervisor(), ...practice.processes()]);
    const pids = processes();
    if (turn === 0) {
      await rest(restMs);
      memory[generation] = memoryMb(processes());
    }
    // Run as root its pods may live elsewhere, where Postgres' user can reach them.
    const state = join(practice.folder, 'lfctl', 'sandbox');
    const node = realpathSync(join(state, practice.name, 'node'));
    add('sandbox down', practice.down().ms);
    left.push(...pids.filter(isRunning).map((pid) => `process ${pid}`));
    if (existsSync(node)) left.push(node);
    if (existsSync(state)) left.push(...(await readdir(state)).map((name) => `state ${name}`));
    await practice.close();
  }

printMachine();
printTimes(Object.fromEntries(Object.entries(times).toSorted(([one], [other]) => one.localeCompare(other))));
process.stdout.write(`\nmemory after ${restMs / 1000} s at rest (PSS of all its processes):`);
for (const [generation, megabytes] of Object.entries(memory))
  process.stdout.write(` Langfuse ${generation} ${megabytes.toFixed(0)} MB`);
process.stdout.write(`\nleft behind: ${left.length === 0 ? 'nothing' : left.join(', ')}\n`);
