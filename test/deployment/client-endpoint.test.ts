import { describe, expect, it } from 'vitest';
import type { ResolvedEnv } from '../../src/deployment/model.ts';
import { resolveEnv } from '../../src/deployment/resolve-env.ts';
import { clientEndpoint } from '../../src/deployment/targets/client-endpoint.ts';
import { envOf } from './fake-kube.ts';

const nothing = () => Promise.resolve({ found: false, why: 'no-object' } as const);
const env = async (entries: Record<string, string>): Promise<ResolvedEnv> =>
  await resolveEnv({ name: 'c', env: envOf(entries) }, { secret: nothing, configMap: nothing });

const exports3 = {
  LANGFUSE_S3_BATCH_EXPORT_ENABLED: 'true',
  LANGFUSE_S3_BATCH_EXPORT_BUCKET: 'x',
  LANGFUSE_S3_BATCH_EXPORT_ENDPOINT: 'http://minio:9000',
};

describe('the endpoint in presigned URLs', () => {
  it('of exports is the external one where it is given, else their own', async () => {
    const external = 'LANGFUSE_S3_BATCH_EXPORT_EXTERNAL_ENDPOINT';
    expect(clientEndpoint(await env(exports3), 'BATCH_EXPORT', 3)).toEqual({
      variable: external,
      url: 'http://minio:9000',
    });
    const both = await env({ ...exports3, [external]: 'https://files.example.com' });
    expect(clientEndpoint(both, 'BATCH_EXPORT', 3)).toEqual({
      variable: external,
      url: 'https://files.example.com',
    });
    expect(clientEndpoint(await env({}), 'BATCH_EXPORT', 3)).toBeNull();
  });

  it('of exports of Langfuse 2 has a name of its own', async () => {
    const two = await env({ S3_BUCKET_NAME: 'x', S3_ENDPOINT: 'http://minio.store:9000' });
    expect(clientEndpoint(two, 'BATCH_EXPORT', 2)).toEqual({
      variable: 'S3_ENDPOINT',
      url: 'http://minio.store:9000',
    });
  });

  it('of media is their endpoint, or AWS by region', async () => {
    const media = await env({ LANGFUSE_S3_MEDIA_UPLOAD_BUCKET: 'm' });
    const variable = 'LANGFUSE_S3_MEDIA_UPLOAD_ENDPOINT';
    expect(clientEndpoint(media, 'MEDIA_UPLOAD', 4)).toEqual({ variable, url: null });
    expect(clientEndpoint(media, 'MEDIA_UPLOAD', 2)).toBeNull();
  });
});
