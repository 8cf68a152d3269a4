// Drills every fault on every generation and layout where it makes sense (most of an hour), and writes what doctor
// put first into docs/diagnosis.md. One after the other, because each writes into one record.
//   node scripts/drills.mjs [FAULT,...]
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const [faults] = process.argv.slice(2);
const env = { ...process.env, DRILLS: 'all', ...(faults === undefined ? {} : { DRILL: faults }) };

const run = (...args) =>
  new Promise((done) => {
    spawn(args[0], args.slice(1), { stdio: 'inherit', env }).on('close', done);
  });

const failed = await run('npx', 'vitest', 'run', '--project', 'drills', '--no-file-parallelism');
const stale = await run(process.execPath, 'scripts/docs.mjs');
const doc = await readFile('docs/diagnosis.md', 'utf8');
process.stdout.write(doc.slice(doc.indexOf('## Where each was drilled')));
process.exitCode = failed === 0 ? stale : failed;
