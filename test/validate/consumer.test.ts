/** Whose way canaries go: that of the SDKs, and that of a LiteLLM that sends as older ones do. */
import { describe, expect, it } from 'vitest';
import type { LiteLlm, Mode } from '../../src/deployment/model.ts';
import type { KubePort } from '../../src/ports/kube.ts';
import { LfctlError } from '../../src/errors/error.ts';
import { waysFor } from '../../src/validate/consumer.ts';
import type { Run } from '../../src/validate/start.ts';

interface Setting {
  readonly image?: string;
  readonly callback?: string;
  readonly mode?: Mode;
  readonly refusal?: LfctlError;
}

async function ways({ image, callback, mode, refusal }: Setting): Promise<readonly string[]> {
  const text = `litellm_settings:\n  success_callback: ["${callback ?? 'langfuse'}"]\n`;
  const neighbour = {
    workload: { kind: 'Deployment', namespace: 'llm', name: 'litellm' },
    container: 'litellm',
    config: { object: 'llm/litellm-config', key: 'config.yaml', text },
  } as unknown as LiteLlm;
  const container = { name: 'litellm', image: image ?? 'ghcr.io/berriai/litellm:main-v1.74.3-stable' };
  const workload = { spec: { template: { spec: { containers: [container] } } } };
  const get = () => (refusal === undefined ? Promise.resolve(workload) : Promise.reject(refusal));
  return await waysFor({
    era: { version: '4.16.0', generation: 4, mode: mode ?? 'events_only' },
    deployment: { liteLlm: [neighbour] },
    kube: () => Promise.resolve({ get } as unknown as KubePort),
  } as unknown as Run);
}

const own = ['otlp-json', 'otlp-protobuf'];

describe('the ways of canaries on Langfuse 4', () => {
  it('have the JSON batch of a LiteLLM that sends no other', async () => {
    expect(await ways({})).toEqual([...own, 'json']);
  });

  it.each<[string, Setting]>([
    ['its callback sends OTLP', { callback: 'langfuse_otel' }],
    ['its version sends OTLP by the same callback', { image: 'ghcr.io/berriai/litellm:v1.104.0' }],
    ['its version is not known', { image: 'ghcr.io/berriai/litellm:latest' }],
    ['JSON is taken as well', { mode: 'dual' }],
    ['its workload cannot be read', { refusal: new LfctlError('KUBE_FORBIDDEN', { message: 'no' }) }],
  ])('are the usual ones where %s', async (_, setting) => {
    expect(await ways(setting)).toEqual(own);
  });
});
