// Writes what doctor collects of a running, healthy deployment, as the table tests judge it. With the deployment in
// the current kubeconfig context: node scripts/record-facts.mjs test/fixtures/facts/healthy-3.199.0.json
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: node scripts/record-facts.mjs FILE.json');

const entry = `
export { runDoctor } from './src/doctor/run.ts';
export { facts } from './src/doctor/facts/index.gen.ts';
export { resolveSettings } from './src/deployment/config/settings.ts';
export { wirePorts } from './src/cli/wire.ts';
`;

/** lfctl's own way to the facts, bundled for this Node. */
async function lfctl() {
  const file = resolve('node_modules/.cache/lfctl-facts', `${process.pid}.mjs`);
  await mkdir(join(file, '..'), { recursive: true });
  const stdin = { contents: entry, resolveDir: process.cwd(), loader: 'ts' };
  await build({ stdin, outfile: file, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  return { file, ...(await import(pathToFileURL(file).href)) };
}

const { file, runDoctor, facts, resolveSettings, wirePorts } = await lfctl();
const settings = await resolveSettings({
  flags: {},
  env: {},
  config: null,
  configFile: '',
  timeoutMs: 30_000,
  clusterAtHand: true,
});
const { outcomes, report } = await runDoctor({
  settings,
  openers: wirePorts({ debug: () => undefined }),
  env: process.env,
  now: () => new Date(),
  // Tells equal from different, and is the same in the next recording of the same values.
  fingerprint: (value) => createHash('sha256').update(`facts ${value}`).digest('hex').slice(0, 8),
  signal: new AbortController().signal,
  only: [],
  skip: [],
  require: [],
  strict: false,
  probe: true,
  alsoFacts: facts.map((fact) => fact.id),
});
const at = new Date().toISOString();
await writeFile(target, `${JSON.stringify({ at, outcomes: Object.fromEntries(outcomes) }, null, 1)}\n`);
await rm(file, { force: true });
process.stdout.write(`${target}: ${report.verdict}\n`);
process.exit(report.verdict === 'healthy' ? 0 : 1);
