import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liteLlmProgram } from '../../src/sandbox/programs/litellm/program.ts';
import { runProgram } from '../sandbox/redis/program-run.ts';
import { liteLlmSuite } from './litellm-suite.ts';
import type { LiteLlmTarget, RunningLiteLlm } from './litellm-suite.ts';
import { config, masterKey, realLiteLlm } from './real/litellm.ts';
import type { Candidate } from './servers.ts';
import { onEach } from './servers.ts';

async function runStandIn(env: Readonly<Record<string, string>>): Promise<RunningLiteLlm> {
  const folder = await mkdtemp(join(tmpdir(), 'lfctl-litellm-'));
  await writeFile(join(folder, 'config.yaml'), config);
  const run = await runProgram(liteLlmProgram, {
    args: ['--config', '/etc/litellm/config.yaml', '--port', '4000'],
    mounts: { '/etc/litellm': folder },
    imageTag: 'main-v1.74.3-stable',
    // Retries come soon, and an answer still has two seconds on a busy machine.
    timeScale: 25,
    env: { LITELLM_MASTER_KEY: masterKey, ...env },
  });
  await run.line(/Uvicorn running/);
  return {
    url: `http://${run.address}:4000`,
    masterKey,
    log: () => run.lines.join('\n'),
    stop: async () => {
      await run.clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const standIn: Candidate<LiteLlmTarget> = {
  name: "the sandbox's LiteLLM",
  find: async () =>
    await Promise.resolve({
      start: async () =>
        await Promise.resolve({ target: { run: runStandIn }, stop: async () => await Promise.resolve() }),
    }),
};

await onEach('litellm', [standIn, realLiteLlm], liteLlmSuite);
