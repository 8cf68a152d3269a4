import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/deployment/discovery/discover.ts';
import type { Generation, Owner, Placement } from '../../../src/deployment/model.ts';
import { toView } from '../../../src/deployment/to-view.ts';
import type { DeploymentView } from '../../../src/deployment/view.ts';
import type { LayoutName, LayoutOwner, StoreNames, WriteMode } from '../../../src/sandbox/fault.ts';
import { layoutGenerations, sandboxVersions } from '../../../src/sandbox/layouts/index.ts';
import { fakeKube } from '../fake-kube.ts';
import { settings } from '../installations.ts';
import type { LiveLayout } from './sets/_live.ts';
import { liveLayout } from './sets/_live.ts';

interface Made {
  readonly name: LayoutName;
  readonly generation: Generation;
  readonly owner: LayoutOwner | null;
  readonly writeMode: WriteMode | null;
}

const names: readonly LayoutName[] = ['runbook', 'chart-1', 'chart-2', 'plain'];
const owners: readonly (LayoutOwner | null)[] = [null, 'argo-cd', 'operator'];

/** Every layout of the sandbox, on each generation that it runs, under each owner, and each mode of 4. */
const combinations: readonly Made[] = names.flatMap((name) =>
  layoutGenerations(name).flatMap((generation) => [
    ...owners.map((owner) => ({ name, generation, owner, writeMode: null })),
    ...(generation === 4 ? (['dual', 'legacy'] as const) : []).map((writeMode) => ({
      name,
      generation,
      owner: null,
      writeMode,
    })),
  ]),
);

const place = ({ namespace, service }: StoreNames): string => `Service ${namespace}/${service}`;
const placed = (placement: Placement): string =>
  placement.kind === 'service' ? `Service ${placement.namespace}/${placement.service}` : placement.kind;

/** What discovery must say, by what the layout says of itself. */
function told({ names: of, publicHost }: LiveLayout, made: Made): Readonly<Record<string, unknown>> {
  const { generation, writeMode } = made;
  const newer = generation === 2 ? 'not configured' : null;
  return {
    confidence: 'certain',
    unknown: [],
    namespace: of.namespace,
    generation,
    imageVersion: sandboxVersions[generation],
    mode: { 2: 'postgres', 3: 'clickhouse', 4: writeMode ?? 'events_only' }[generation],
    owner: ownerKind(made),
    publicUrl: publicHost,
    web: of.webs,
    worker: of.worker === null ? [] : [of.worker],
    webService: `${of.namespace}/${of.webService}`,
    routes: [publicHost],
    postgres: `${of.postgres.user} ${of.postgres.database} ${place(of.postgres)}`,
    clickhouse: newer ?? `${of.clickhouse?.user ?? ''} ${of.clickhouse === null ? '' : place(of.clickhouse)}`,
    redis: newer ?? (of.redis === null ? '' : place(of.redis)),
    events: newer ?? place(of.objects),
    otherBuckets: [place(of.objects)],
    liteLlm: [
      `${of.liteLlm.namespace}/${of.liteLlm.workload} ${of.liteLlm.namespace}/${of.liteLlm.configMap}`,
    ],
  };
}

function ownerKind({ owner, name }: Made): Owner['kind'] {
  if (owner !== null) return owner === 'argo-cd' ? 'argocd' : 'operator';
  return name === 'plain' ? 'none' : 'helm';
}

function said(view: DeploymentView): Readonly<Record<string, unknown>> {
  const { postgres, clickhouse, redis, eventBucket, mediaBucket, exportBucket } = view.stores;
  const of = (role: 'web' | 'worker'): readonly string[] =>
    view.components.filter((one) => one.role === role).map((one) => one.workload.name);
  const others = [mediaBucket, exportBucket].filter((bucket) => bucket !== null);
  return {
    confidence: view.confidence,
    unknown: view.unknown,
    namespace: view.namespace,
    generation: view.generation,
    imageVersion: view.imageVersion,
    mode: view.mode,
    owner: view.owner.kind,
    publicUrl: new URL(view.publicUrl ?? '').hostname,
    web: of('web'),
    worker: of('worker'),
    webService: `${view.webService?.namespace ?? ''}/${view.webService?.name ?? ''}`,
    routes: [...new Set(view.routes.flatMap((route) => route.hosts))],
    postgres: `${postgres.user ?? ''} ${postgres.database ?? ''} ${placed(postgres.placement)}`,
    clickhouse: clickhouse.why ?? `${clickhouse.user ?? ''} ${placed(clickhouse.placement)}`,
    redis: redis.why ?? placed(redis.placement),
    events: eventBucket.why ?? placed(eventBucket.placement),
    otherBuckets: [...new Set(others.map((bucket) => bucket.why ?? placed(bucket.placement)))],
    liteLlm: view.liteLlm.map(
      ({ workload, configObject }) => `${workload.namespace}/${workload.name} ${configObject ?? ''}`,
    ),
  };
}

describe('the layouts of the sandbox', () => {
  it.each(
    combinations.map((made) => {
      const title = [made.name, made.generation, made.owner ?? made.writeMode].filter(
        (part) => part !== null,
      );
      return [title.join(' '), made] as const;
    }),
  )('%s', async (_, made) => {
    const layout = await liveLayout(made.name, made.generation, made);
    const deployment = await discover(fakeKube(layout.cluster), settings());
    expect(said(toView(deployment, null))).toEqual(told(layout, made));
  });
});
