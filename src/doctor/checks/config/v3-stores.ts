import type { ComponentEnvView } from '../../../deployment/view.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { hiddenVariable } from '../../hidden.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';
import { envEvidence, failing, isSet, logProof, manual, workloadText } from '../../wording.ts';

/** What 3 brought: each store by the variables that name it, any of them. */
const brought: readonly { readonly store: string; readonly names: readonly string[] }[] = [
  { store: 'ClickHouse', names: ['CLICKHOUSE_URL'] },
  {
    store: 'Redis',
    names: ['REDIS_HOST', 'REDIS_CONNECTION_STRING', 'REDIS_CLUSTER_NODES', 'REDIS_SENTINEL_NODES'],
  },
  { store: 'the event bucket', names: ['LANGFUSE_S3_EVENT_UPLOAD_BUCKET'] },
];

export const configV3StoresCheck = defineCheck({
  id: 'config/v3-stores',
  area: 'config',
  title: 'the variables name the stores that Langfuse has since 3',
  why: 'An image of 3 or 4 with the variables of 2 knows Postgres alone: web stops with "CLICKHOUSE_URL is not configured. Migrating from V2?", the worker with a missing bucket. Nothing is lost: 2 starts again on this database until a later version has migrated it.',
  severity: 'critical',
  uses: ['config/env'],
  sees: ['kube/logs'],
  appliesTo: { generations: [3, 4] },
  explains: ['config/required-env', 'kube/pods', ...webSilent, ...workerSilent],
  evaluate: ({ facts, outcomes, version }) => {
    const envs = facts['config/env'];
    const without = envs.find((env) =>
      brought.every(({ names }) => names.every((name) => !isSet(env, name))),
    );
    if (without === undefined) return { status: 'ok' };
    const why = hiddenIn(without);
    if (why !== null) return { status: 'unknown', reason: why };
    const complaints = ['clickhouse-url-missing', 'env-invalid'];
    return ofTwo(without, version, logProof(outcomes['kube/logs'], complaints, 'no complaint'));
  },
});

function ofTwo(env: ComponentEnvView, version: string | null, proof: readonly Evidence[]): Verdict {
  const stores = brought.map(({ store }) => store).join(', ');
  return failing(
    `${workloadText(env.workload)} runs Langfuse ${version ?? '3 or later'} with the variables of 2: ${stores} are not named`,
    [
      envEvidence(env, 'CLICKHOUSE_URL', 'not set', 'the addresses of ClickHouse, Redis and the bucket'),
      ...proof,
    ],
    [
      manual(
        'set up ClickHouse, Redis and a bucket, name them to web and worker, and follow https://langfuse.com/self-hosting/upgrade/upgrade-guides/upgrade-v2-to-v3',
      ),
      manual('or go back to the newest image of 2 (tag 2.95) until they are there'),
    ],
  );
}

function hiddenIn(env: ComponentEnvView): string | null {
  const all = brought.flatMap(({ names }) => names.map((name) => hiddenVariable(env, name)));
  return all.find((why) => why !== null) ?? null;
}
