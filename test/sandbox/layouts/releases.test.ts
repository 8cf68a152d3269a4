import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { KubeSecret } from '../../../src/ports/kube-objects.ts';
import { resources } from '../../../src/ports/kube-resources.ts';
import { listed } from '../../../src/sandbox/cluster/kinds.ts';
import { sandboxVersions } from '../../../src/sandbox/layouts/index.ts';
import type { Applied } from './applied.ts';
import { applied, combinations } from './applied.ts';

interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly info: { readonly status: string; readonly last_deployed: string };
  readonly chart: { readonly metadata: { readonly version: string; readonly appVersion: string } };
  readonly config: unknown;
  readonly manifest: string;
}

const stored = ({ store }: Applied): KubeSecret[] =>
  listed<KubeSecret>(store, resources.secrets).filter(({ type }) => type === 'helm.sh/release.v1');

function unpacked(secret: KubeSecret): Release {
  const packed = Buffer.from(secret.data?.['release'] ?? '', 'base64').toString('utf8');
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')) as Release;
}

const byHelm = combinations.filter(({ name, owner }) => owner === null && name !== 'plain');

describe.each(byHelm)('the release of $name with Langfuse $generation', (combination) => {
  it('has several revisions, the last one deployed and running', async () => {
    const cluster = await applied(combination);
    const { names } = cluster.layout;
    const releases = stored(cluster).map(unpacked);
    expect(releases.length).toBeGreaterThan(1);
    expect(releases.map(({ version }) => version)).toEqual(releases.map((_, index) => index + 1));
    expect(releases.map(({ info }) => info.status)).toEqual([
      ...releases.slice(1).map(() => 'superseded'),
      'deployed',
    ]);
    const times = releases.map(({ info }) => info.last_deployed);
    expect(times.toSorted()).toEqual(times);
    for (const { name, namespace } of releases)
      expect([name, namespace]).toEqual([names.release, names.namespace]);

    const version = sandboxVersions[combination.generation];
    const last = releases.at(-1);
    expect(last?.manifest).toContain(`:${version}`);
    expect(JSON.stringify(last?.config)).toContain(`"tag":"${version}"`);
    expect(releases[0]?.manifest).not.toContain(`:${version}`);
  });
});

describe('the charts', () => {
  it('label what they render with their own version, whatever image runs', async () => {
    const cluster = await applied({ name: 'chart-1', generation: 3, owner: null });
    const web = cluster.store.get(resources.deployments, 'langfuse', 'langfuse-prod-web');
    expect(web?.metadata.labels).toMatchObject({
      'helm.sh/chart': 'langfuse-1.5.36',
      'app.kubernetes.io/version': '3.194.1',
      'app.kubernetes.io/instance': 'langfuse-prod',
      'app.kubernetes.io/managed-by': 'Helm',
    });
    const releases = stored(cluster).map(unpacked);
    expect(releases.map(({ chart }) => chart.metadata.version)).toEqual(['1.5.21', '1.5.28', '1.5.36']);
    expect(releases[0]?.manifest).toContain('image: langfuse/langfuse:3.155.0');
    expect(releases[0]?.manifest).toContain('helm.sh/chart: langfuse-1.5.21');
    expect(releases[0]?.manifest).toContain('app.kubernetes.io/version: 3.155.0');
    expect(releases[0]?.manifest).not.toContain('3.194.1');
    expect(releases[0]?.manifest).not.toContain('meta.helm.sh/');
  });

  it('keep the Secrets that 2.0 has made itself', async () => {
    const { store } = await applied({ name: 'chart-2', generation: 4, owner: null });
    const kept = listed<KubeSecret>(store, resources.secrets)
      .filter(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'] === 'keep')
      .map(({ metadata }) => metadata.name);
    expect(kept.toSorted()).toEqual([
      'langfuse-postgresql-auth',
      'langfuse-redis-auth',
      'langfuse-s3-auth',
      'prod-langfuse-app',
      'prod-langfuse-clickhouse-auth',
    ]);
  });
});
