import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, Workload } from '../../../src/ports/kube-objects.ts';
import type { KubeResource } from '../../../src/ports/kube.ts';
import { isReady, kinds, listed } from '../../../src/sandbox/cluster/kinds.ts';
import { type Bed, events, podNamed, podsWith, until } from './bed.ts';
import { startBuiltBed } from './built-bed.ts';

let bed: Bed;

beforeAll(async () => {
  bed = await startBuiltBed('workloads');
});

afterAll(() => bed.stop());

function workload(name: string, replicas: number, image = 'busybox:1.36', more: object = {}): KubeObject {
  const object = {
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 5, containers: [{ name: 'main', image }] },
      },
      ...more,
    },
  };
  return object;
}

const get = (kind: KubeResource, name: string): Workload => {
  const object = bed.store.get(kind, 'default', name) as unknown as Workload | null;
  if (object === null) throw new Error(`no ${name}`);
  return object;
};

function patchSpec(kind: KubeResource, name: string, change: (spec: Workload['spec']) => object): void {
  const { metadata, ...rest } = get(kind, name);
  const { resourceVersion: _, ...kept } = metadata;
  const next = { ...rest, metadata: kept, spec: change(rest.spec) };
  bed.store.update(kind, next);
}

const setImage = (kind: KubeResource, name: string, image: string): void =>
  patchSpec(kind, name, (spec) => ({
    ...spec,
    template: { ...spec.template, spec: { ...spec.template.spec, containers: [{ name: 'main', image }] } },
  }));

const readyPods = (name: string, image: string) =>
  podsWith(bed.store, 'app', name).filter((pod) => isReady(pod) && pod.spec.containers[0]?.image === image);

/** What a client that waits for a rollout looks at. */
const isRolledOut = ({ metadata, spec, status }: Workload): boolean =>
  status?.observedGeneration === metadata.generation &&
  status?.updatedReplicas === spec.replicas &&
  status?.replicas === spec.replicas &&
  status?.availableReplicas === spec.replicas;

const condition = (name: string, type: string) =>
  get(kinds.deployments, name).status?.conditions?.find((each) => each.type === type);

describe('a Deployment', () => {
  it('rolls out a new template without losing availability, and comes back', async () => {
    bed.store.create(kinds.deployments, workload('web', 2));
    await until('two ready', () => get(kinds.deployments, 'web').status?.availableReplicas === 2);
    expect(condition('web', 'Available')).toMatchObject({
      status: 'True',
      reason: 'MinimumReplicasAvailable',
    });
    let least = 2;
    let doneTooSoon = false;
    const unwatch = bed.store.watch(() => {
      least = Math.min(least, podsWith(bed.store, 'app', 'web').filter(isReady).length);
      doneTooSoon ||= isRolledOut(get(kinds.deployments, 'web')) && readyPods('web', 'busybox:2').length < 2;
    });
    setImage(kinds.deployments, 'web', 'busybox:2');
    await until(
      'the rollout',
      () =>
        condition('web', 'Progressing')?.reason === 'NewReplicaSetAvailable' &&
        readyPods('web', 'busybox:2').length === 2 &&
        podsWith(bed.store, 'app', 'web').length === 2,
    );
    unwatch();
    expect(least).toBe(2);
    expect(doneTooSoon).toBe(false);
    expect(isRolledOut(get(kinds.deployments, 'web'))).toBe(true);
    expect(get(kinds.deployments, 'web').metadata.annotations?.['deployment.kubernetes.io/revision']).toBe(
      '2',
    );
    const sizes = listed<Workload>(bed.store, kinds.replicaSets).map(({ spec }) => spec.replicas);
    expect(new Set(sizes)).toEqual(new Set([0, 2]));

    setImage(kinds.deployments, 'web', 'busybox:1.36');
    await until('the way back', () => readyPods('web', 'busybox:1.36').length === 2);
    expect(get(kinds.deployments, 'web').metadata.annotations?.['deployment.kubernetes.io/revision']).toBe(
      '3',
    );
    expect(listed<Workload>(bed.store, kinds.replicaSets)).toHaveLength(2);
    expect(
      events(bed.store, 'web').some((text) =>
        /ScalingReplicaSet: Scaled up replica set web-\w+ from 0 to 2/.test(text),
      ),
    ).toBe(true);
  });

  it('keeps the old pods when the new image does not exist, and says when the deadline is over', async () => {
    bed.store.create(
      kinds.deployments,
      workload('stuck', 1, 'busybox:1.36', { progressDeadlineSeconds: 100 }),
    );
    await until('ready', () => get(kinds.deployments, 'stuck').status?.availableReplicas === 1);
    setImage(kinds.deployments, 'stuck', 'langfuse/langfuse:9.9.9');
    await until(
      'the deadline',
      () => condition('stuck', 'Progressing')?.reason === 'ProgressDeadlineExceeded',
    );
    expect(condition('stuck', 'Available')?.status).toBe('True');
    expect(readyPods('stuck', 'busybox:1.36')).toHaveLength(1);
    setImage(kinds.deployments, 'stuck', 'busybox:1.36');
    await until(
      'mended',
      () =>
        podsWith(bed.store, 'app', 'stuck').length === 1 &&
        condition('stuck', 'Progressing')?.status === 'True',
    );
  });

  it('scales to nothing and back, and takes its pods along when it goes', async () => {
    bed.store.create(kinds.deployments, workload('scaled', 1));
    await until('ready', () => readyPods('scaled', 'busybox:1.36').length === 1);
    patchSpec(kinds.deployments, 'scaled', (spec) => ({ ...spec, replicas: 0 }));
    await until('no pods', () => podsWith(bed.store, 'app', 'scaled').length === 0);
    patchSpec(kinds.deployments, 'scaled', (spec) => ({ ...spec, replicas: 3 }));
    await until('three', () => readyPods('scaled', 'busybox:1.36').length === 3);
    bed.store.remove(kinds.deployments, 'default', 'scaled');
    await until('all gone', () => podsWith(bed.store, 'app', 'scaled').length === 0);
  });

  it('recreates: no old pod runs next to a new one', async () => {
    bed.store.create(
      kinds.deployments,
      workload('single', 1, 'busybox:1.36', { strategy: { type: 'Recreate' } }),
    );
    await until('ready', () => readyPods('single', 'busybox:1.36').length === 1);
    let most = 0;
    const unwatch = bed.store.watch(() => {
      most = Math.max(most, podsWith(bed.store, 'app', 'single').length);
    });
    setImage(kinds.deployments, 'single', 'busybox:2');
    await until('the new one', () => readyPods('single', 'busybox:2').length === 1);
    unwatch();
    expect(most).toBe(1);
  });
});

describe('a StatefulSet', () => {
  const template = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } };

  it('starts in order with a claim each, updates from the last, and keeps the claims', async () => {
    const more = { serviceName: 'db', volumeClaimTemplates: [template] };
    bed.store.create(kinds.statefulSets, workload('db', 2, 'busybox:1.36', more));
    await until('both', () => readyPods('db', 'busybox:1.36').length === 2);
    const created = ['db-0', 'db-1'].map((name) => podNamed(bed.store, name)?.status?.startTime ?? '');
    expect(created[0] !== undefined && created[1] !== undefined && created[0] <= created[1]).toBe(true);
    expect(bed.store.get(kinds.claims, 'default', 'data-db-1')).toMatchObject({ status: { phase: 'Bound' } });
    setImage(kinds.statefulSets, 'db', 'busybox:2');
    await until('the update', () => readyPods('db', 'busybox:2').length === 2);
    await until('the status', () => {
      const status = get(kinds.statefulSets, 'db').status as {
        currentRevision?: string;
        updateRevision?: string;
      };
      return status.currentRevision === status.updateRevision;
    });
    patchSpec(kinds.statefulSets, 'db', (spec) => ({ ...spec, replicas: 0 }));
    await until('no pods', () => podsWith(bed.store, 'app', 'db').length === 0);
    expect(bed.store.get(kinds.claims, 'default', 'data-db-0')).not.toBeNull();
  });

  it('is mended by an update although the broken pod never became ready', async () => {
    bed.store.create(
      kinds.statefulSets,
      workload('broken', 1, 'langfuse/langfuse:9.9.9', { serviceName: 'broken' }),
    );
    await until(
      'the broken pod',
      () =>
        podNamed(bed.store, 'broken-0')?.status?.containerStatuses?.[0]?.state?.waiting?.reason ===
        'ErrImagePull',
    );
    setImage(kinds.statefulSets, 'broken', 'busybox:1.36');
    await until('it is ready', () => readyPods('broken', 'busybox:1.36').length === 1);
  });
});

describe('a Job', () => {
  const job = (name: string, script: string, backoffLimit: number): KubeObject => {
    const containers = [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', script] }];
    const object = {
      metadata: { name, namespace: 'default' },
      spec: {
        backoffLimit,
        template: { metadata: { labels: { app: name } }, spec: { restartPolicy: 'Never', containers } },
      },
    };
    return object;
  };
  const ended = (name: string) =>
    (get(kinds.jobs, name).status?.conditions ?? []).find(
      ({ type }) => type === 'Complete' || type === 'Failed',
    );

  it('completes, and fails after its back-off limit', async () => {
    bed.store.create(kinds.jobs, job('good', 'echo done', 1));
    bed.store.create(kinds.jobs, job('bad', 'exit 4', 1));
    expect((await until('good', () => ended('good'))).type).toBe('Complete');
    const failed = await until('bad', () => ended('bad'));
    expect(failed).toMatchObject({ type: 'Failed', reason: 'BackoffLimitExceeded' });
    expect(podsWith(bed.store, 'app', 'bad').map(({ status }) => status?.phase)).toEqual([
      'Failed',
      'Failed',
    ]);
  });
});
