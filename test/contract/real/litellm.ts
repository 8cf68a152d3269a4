import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { LiteLlmTarget, RunningLiteLlm } from '../litellm-suite.ts';
import type { Candidate } from '../servers.ts';
import { findProgram, freePort, openFolder, startServer } from './process.ts';

/** A model that answers `hello`, traced by the `langfuse` callback. */
export const config = `model_list:
  - model_name: gpt-4o-mini
    litellm_params: { model: openai/gpt-4o-mini, api_key: none, mock_response: hello }
litellm_settings:
  success_callback: ["langfuse"]
  failure_callback: ["langfuse"]
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }
`;

/** Newer versions refuse to start with a key that anyone could guess. */
export const masterKey = 'sk-4d1f0b7c9a2e4e5fb6d7c8e9f0a1b2c3';

/**
 * LiteLLM's proxy in the Python environment that LITELLM_CONTRACT_VENV names:
 * `python3 -m venv V && V/bin/pip install 'litellm[proxy]==1.74.3' langfuse==2.59.7` (300 MB, so CI has none).
 */
export const realLiteLlm: Candidate<LiteLlmTarget> = {
  name: 'the LiteLLM of LITELLM_CONTRACT_VENV',
  async find() {
    const folder = process.env['LITELLM_CONTRACT_VENV'];
    if (folder === undefined) return { missing: 'LITELLM_CONTRACT_VENV is not set' };
    const programs = join(folder, 'bin');
    const program = await findProgram('litellm', [programs]);
    if (program === null) return { missing: 'LITELLM_CONTRACT_VENV has no litellm' };
    const run: LiteLlmTarget['run'] = async (env) => await start(program, programs, env);
    return {
      start: async () =>
        await Promise.resolve({ target: { run }, stop: async () => await Promise.resolve() }),
    };
  },
};

async function start(
  program: string,
  programs: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningLiteLlm> {
  const folder = await openFolder();
  const url = `http://127.0.0.1:${await freePort()}`;
  await writeFile(join(folder, 'config.yaml'), config);
  const { stop, output } = await startServer({
    program,
    args: ['--config', join(folder, 'config.yaml'), '--host', '127.0.0.1', '--port', new URL(url).port],
    folder,
    env: {
      PATH: [programs, process.env['PATH'] ?? ''].join(delimiter),
      PYTHONUNBUFFERED: '1',
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      LITELLM_MASTER_KEY: masterKey,
      ...env,
    },
    ready: async () => (await fetch(`${url}/health/liveliness`).catch(() => null))?.ok === true,
    timeoutMs: 120_000,
  });
  return { url, masterKey, log: output, stop };
}
