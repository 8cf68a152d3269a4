import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { LiteLlm, ResolvedEnv } from '../../../src/deployment/model.ts';
import { resolveEnv } from '../../../src/deployment/resolve-env.ts';
import type { KubePort } from '../../../src/ports/kube.ts';
import { callOf } from '../../../src/validate/probes/litellm-call.ts';
import { litellmProbe } from '../../../src/validate/probes/litellm.ts';
import { envOf } from '../../deployment/fake-kube.ts';
import { answer } from '../_answer.ts';
import { canary, contextOf, deployment, failure, type Reply } from './_context.ts';

const nothing = () => Promise.resolve({ found: false, why: 'no-object' } as const);
const envFrom = async (entries: Record<string, string>): Promise<ResolvedEnv> =>
  await resolveEnv({ name: 'c', env: envOf(entries) }, { secret: nothing, configMap: nothing });

const yaml = `
model_list:
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o }
  - model_name: mock
    litellm_params: { model: openai/mock, mock_response: hello }
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
`;

async function neighbour(text: string | null = yaml, env: Record<string, string> = {}): Promise<LiteLlm> {
  return {
    workload: { kind: 'Deployment', namespace: 'ai', name: 'litellm' },
    container: 'litellm',
    pods: ['litellm-0'],
    port: 4000,
    env: await envFrom({
      LITELLM_MASTER_KEY: 'sk-master',
      LANGFUSE_PUBLIC_KEY: 'pk-lf-llm',
      LANGFUSE_SECRET_KEY: 'sk-lf-llm',
      ...env,
    }),
    config: text === null ? null : { object: 'ai/litellm-config', key: 'config.yaml', text },
  };
}

describe('how LiteLLM is called', () => {
  it('with a model that answers by itself, and the key that its settings name', async () => {
    const call = callOf(await neighbour(), parse);
    if ('missing' in call) throw new Error(call.missing);
    expect(call.model).toBe('mock');
    expect(call.masterKey?.reveal()).toBe('sk-master');
  });

  it('without a key where it asks for none', async () => {
    const text = 'model_list: [{ model_name: m, litellm_params: { mock_response: hi } }]';
    expect(callOf(await neighbour(text, { LITELLM_MASTER_KEY: '' }), parse)).toEqual({
      model: 'm',
      masterKey: null,
    });
  });

  it.each([
    ['no model of ai/litellm-config has a mock_response', yaml.replace(', mock_response: hello', '')],
    ['no model', ': not yaml ['],
    ['its config.yaml is not known', null],
    ['its master key is not known', yaml.replace('LITELLM_MASTER_KEY', 'ANOTHER')],
  ])('never where %s', async (text, config) => {
    expect(callOf(await neighbour(config), parse)).toMatchObject({ missing: expect.stringContaining(text) });
  });
});

const user = `lfctl-${canary.traceId}`;
const kube = { context: { inCluster: false } } as KubePort;
const projects = answer(200, { data: [{ id: 'project' }] });

/** LiteLLM, and a Langfuse in which the trace is from the third look on. */
function arriving(listing: string, found: object, completion = answer(200, { id: 'chatcmpl-1' })): Reply {
  let looks = 0;
  return ({ url, path }) => {
    if (url === 'http://litellm-0:4000') return completion;
    if (path === '/api/public/projects') return projects;
    expect(path).toMatch(new RegExp(`^${listing}\\?userId=${user}&limit=20&from`));
    looks += 1;
    return looks < 3 ? answer(200, { data: [] }) : answer(200, { data: [found] });
  };
}

async function look(reply: Reply, parts: Parameters<typeof contextOf>[0] = {}, one?: LiteLlm) {
  const liteLlm = [one ?? (await neighbour())];
  const context = contextOf({
    reply,
    wishes: { litellm: true },
    ...parts,
    run: { deployment: await deployment({ liteLlm }), kube: () => Promise.resolve(kube), ...parts.run },
  });
  return { ...(await litellmProbe.look(context)), asked: context.asked, traces: context.traces };
}

describe('a call through LiteLLM', () => {
  it('is a trace, known by its user, and told of for removal with each span', async () => {
    const found = await look(arriving('/api/public/traces', { id: 't1', observations: ['o1', 'o2'] }));
    expect(found).toMatchObject({
      status: 'ok',
      detail: 'a call of mock through ai/litellm is trace t1',
      from: 'cluster',
    });
    expect(found.traces).toMatchObject([
      { projectId: 'project', traceId: 't1', generationId: 'o1', byProxy: true },
      { traceId: 't1', generationId: 'o2', byProxy: true },
    ]);
    const call = found.asked.find(({ path }) => path === '/v1/chat/completions');
    expect(call?.headers?.['authorization']).toBe('Bearer sk-master');
    expect(JSON.parse(call?.body?.toString() ?? '')).toMatchObject({
      model: 'mock',
      user,
      // What clean-up knows its raw file by.
      messages: [{ role: 'user', content: 'lfctl canary (lfctl-canary)' }],
      metadata: { trace_name: 'lfctl canary', tags: ['lfctl', 'lfctl-canary'] },
    });
  });

  it('is looked for among observations where the old listings are gone', async () => {
    const era = { version: '4.16.0', generation: 4, mode: 'events_only' } as const;
    const reply = arriving('/api/public/v2/observations', { id: 'o1', traceId: 't1' });
    const found = await look(reply, { run: { era } });
    expect(found).toMatchObject({ status: 'ok' });
    expect(found.traces).toMatchObject([{ traceId: 't1', generationId: 'o1' }]);
  });

  it('whose trace does not come fails when the time of the run is over', async () => {
    const reply: Reply = ({ url, path }) =>
      url === 'http://litellm-0:4000'
        ? answer(200, {})
        : path === '/api/public/projects'
          ? projects
          : answer(500, 'no');
    const found = await look(reply);
    expect(found).toMatchObject({ status: 'fail' });
    expect(found.detail).toContain('no trace of the call arrives');
    expect(found.asked.length).toBeGreaterThan(10);
  });

  it('that LiteLLM refuses fails with its words', async () => {
    const refused = answer(500, { error: { message: 'litellm.InternalServerError' } });
    const found = await look(arriving('', {}, refused));
    expect(found).toMatchObject({ status: 'fail' });
    expect(found.detail).toContain('500: {"error":{"message":"litellm.InternalServerError"}}');
  });

  it('is not made where its traces go to another project', async () => {
    const found = await look(() => answer(200, { data: [{ id: 'other' }] }));
    expect(found).toMatchObject({ status: 'unknown' });
    expect(found.detail).toContain('another project');
    expect(found.asked.map(({ path }) => path)).toEqual(['/api/public/projects']);
  });

  it('is not made where its keys are refused: no trace could come', async () => {
    const found = await look(() => answer(401, { message: 'no' }));
    expect(found).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('its key pair is refused'),
    });
    expect(found.asked).toHaveLength(1);
  });

  it('is skipped unless it is asked for, or where there is none', async () => {
    const none = { run: { deployment: await deployment({ liteLlm: [] }) } };
    expect(await look(() => projects, none)).toMatchObject({ status: 'skipped' });
    expect(await litellmProbe.look(contextOf({}))).toMatchObject({
      status: 'skipped',
      detail: 'asked for by --litellm',
    });
  });

  it('is not known where Langfuse does not answer', async () => {
    const silent: Reply = () => {
      throw failure('LANGFUSE_TIMEOUT');
    };
    await expect(look(silent)).rejects.toMatchObject({ code: 'LANGFUSE_TIMEOUT' });
  });
});
