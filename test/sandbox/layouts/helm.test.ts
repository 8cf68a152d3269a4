import { describe, expect, it } from 'vitest';
import type { KubeSecret } from '../../../src/ports/kube-objects.ts';
import { resources } from '../../../src/ports/kube-resources.ts';
import { listed } from '../../../src/sandbox/cluster/kinds.ts';
import { sandboxVersions } from '../../../src/sandbox/layouts/index.ts';
import { startTestApi, tokens } from '../cluster-api/harness.ts';
import { isOnPath, run, writeKubeconfig } from '../cluster-api/kubeconfig.ts';
import type { Combination } from './applied.ts';
import { appliedAnew, combinations } from './applied.ts';

const here = await isOnPath('helm');
const byHelm = combinations.filter(({ name, owner }) => owner === null && name !== 'plain');

async function helmOn(combination: Combination) {
  const cluster = await appliedAnew(combination);
  const { api } = await startTestApi({ store: cluster.store });
  const kubeconfig = await writeKubeconfig(api, tokens.admin);
  const helm = async (...args: readonly string[]): Promise<string> => {
    const { code, out, error } = await run('helm', args, kubeconfig);
    if (code !== 0) throw new Error(`helm ${args.join(' ')}: ${error}`);
    return out;
  };
  return { cluster, helm };
}

describe.skipIf(!here)('helm (skipped where it is not on PATH)', () => {
  it.each(byHelm)('reads the release of $name with Langfuse $generation', async (combination) => {
    const { cluster, helm } = await helmOn(combination);
    const { release, namespace } = cluster.layout.names;
    if (release === null) throw new Error('no release');
    const list = JSON.parse(await helm('list', '-A', '-o', 'json')) as Record<string, string>[];
    expect(list).toMatchObject([{ name: release, namespace, status: 'deployed' }]);
    const history = JSON.parse(await helm('history', release, '-n', namespace, '-o', 'json')) as unknown[];
    expect(history).toHaveLength(Number(list[0]?.['revision']));
    const values = await helm('get', 'values', release, '-n', namespace, '-o', 'json');
    expect(values).toContain(`"tag":"${sandboxVersions[combination.generation]}"`);
    const manifest = await helm('get', 'manifest', release, '-n', namespace);
    expect(manifest).toContain('kind: Deployment');
  });

  it('uninstalls chart 2.0 and leaves the credentials that cannot be made again', async () => {
    const { cluster, helm } = await helmOn({ name: 'chart-2', generation: 3, owner: null });
    const said = await helm('uninstall', 'prod', '-n', 'observability');
    expect(said).toContain('prod-langfuse-app');
    const left = listed<KubeSecret>(cluster.store, resources.secrets, 'observability');
    expect(left.map(({ metadata }) => metadata.name).toSorted()).toEqual([
      'langfuse-postgresql-auth',
      'langfuse-redis-auth',
      'langfuse-s3-auth',
      'prod-langfuse-app',
      'prod-langfuse-clickhouse-auth',
    ]);
    expect(cluster.store.get(resources.deployments, 'observability', 'prod-langfuse-web')).toBeNull();
  });
});
