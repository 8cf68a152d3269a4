import { describe, expect, it } from 'vitest';
import type { BucketStore, Deployment } from '../../../src/deployment/model.ts';
import { resolveEnv } from '../../../src/deployment/resolve-env.ts';
import { Secret } from '../../../src/deployment/secret.ts';
import type { LfctlError } from '../../../src/errors/error.ts';
import type { ObjectsPort, ObjectsTarget } from '../../../src/ports/objects.ts';
import type { Access } from '../../../src/ports/dialer.ts';
import { exportProbe } from '../../../src/validate/probes/export.ts';
import { envOf } from '../../deployment/fake-kube.ts';
import { contextOf, deployment, failure, here, postgresOf } from './_context.ts';

const inner = 'http://minio.store.svc.cluster.local:9000';
const nothing = () => Promise.resolve({ found: false, why: 'no-object' } as const);

const store = (endpoint: string | null, keys = true): BucketStore => ({
  target: {
    endpoint,
    region: 'eu-central-1',
    bucket: 'exports',
    prefix: '',
    pathStyle: true,
    ...(keys ? { accessKeyId: 'id', secretAccessKey: new Secret('s3-secret') } : {}),
  },
  why: null,
  placement:
    endpoint === inner ? { kind: 'service', namespace: 'store', service: 'minio' } : { kind: 'external' },
  variables: [],
  provider: 's3',
});

async function exporting(endpoint: string | null, external?: string, keys = true): Promise<Deployment> {
  const entries = {
    LANGFUSE_S3_BATCH_EXPORT_ENABLED: 'true',
    LANGFUSE_S3_BATCH_EXPORT_BUCKET: 'exports',
    ...(endpoint === null ? {} : { LANGFUSE_S3_BATCH_EXPORT_ENDPOINT: endpoint }),
    ...(external === undefined ? {} : { LANGFUSE_S3_BATCH_EXPORT_EXTERNAL_ENDPOINT: external }),
  };
  const env = await resolveEnv({ name: 'c', env: envOf(entries) }, { secret: nothing, configMap: nothing });
  const found = await deployment();
  return {
    ...found,
    components: found.components.map((one) => ({ ...one, env })),
    stores: { ...found.stores, exportBucket: store(endpoint, keys) },
  };
}

async function look(given: Deployment, head: () => Promise<void> = () => Promise.resolve(), used = false) {
  const targets: ObjectsTarget[] = [];
  const openObjects = async (target: ObjectsTarget, access: Access): Promise<ObjectsPort> => {
    expect(access).toBe(here);
    targets.push(target);
    const port = { headBucket: head, close: () => undefined } as ObjectsPort;
    return await Promise.resolve(port);
  };
  const context = contextOf({
    openers: { openObjects },
    run: {
      deployment: given,
      stations: {
        ...contextOf({}).run.stations,
        postgres: { state: 'open', port: postgresOf({ batch_exports: [{ used }] }) },
      },
    },
  });
  return { ...(await exportProbe.look(context)), targets };
}

describe('links of exports', () => {
  it('are followed at the external endpoint, from where lfctl runs', async () => {
    const found = await look(await exporting(inner, 'https://files.example.com'));
    expect(found).toMatchObject({ status: 'ok', from: 'machine' });
    expect(found.targets.map(({ endpoint }) => endpoint)).toEqual(['https://files.example.com']);
  });

  it('lead to AWS where no endpoint is set', async () => {
    expect(await look(await exporting(null))).toMatchObject({
      status: 'ok',
      detail: 'links to AWS in eu-central-1 lead to bucket exports',
    });
  });

  it.each([
    [false, false],
    [true, true],
  ])('that name what only pods know fail, and count where somebody exports: %s', async (used, decides) => {
    const found = await look(await exporting(inner), undefined, used);
    expect(found).toMatchObject({ status: 'fail', decides });
    expect(found.detail).toContain('LANGFUSE_S3_BATCH_EXPORT_EXTERNAL_ENDPOINT');
    expect(found.targets).toEqual([]);
  });

  it.each<[LfctlError['code'], string]>([
    ['OBJECTS_AUTH', 'fail'],
    ['OBJECTS_BUCKET', 'fail'],
    ['OBJECTS_ANSWER', 'fail'],
    ['OBJECTS_FORBIDDEN', 'unknown'],
    ['OBJECTS_UNKNOWN_HOST', 'unknown'],
    ['OBJECTS_TIMEOUT', 'unknown'],
  ])('that end in %s are %s', async (code, status) => {
    const head = () => Promise.reject(failure(code));
    expect(await look(await exporting(inner, 'https://files.example.com'), head)).toMatchObject({ status });
  });

  it('are skipped where exports are off, and not known without a key', async () => {
    const off = await exporting(inner);
    const none = { ...off, stores: { ...off.stores, exportBucket: null } };
    expect(await look(none)).toMatchObject({ status: 'skipped', detail: 'not enabled' });
    const asPod = await look(await exporting(null, 'https://files.example.com', false));
    expect(asPod).toMatchObject({ status: 'unknown' });
    expect(await exportProbe.look(contextOf({}))).toMatchObject({ status: 'skipped' });
  });
});
