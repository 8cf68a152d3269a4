import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/ports/kube-objects.ts';
import { syncAutoscalers } from '../../../src/sandbox/cluster/controllers/autoscalers.ts';
import { syncBudgets } from '../../../src/sandbox/cluster/controllers/budgets.ts';
import type { ControllerContext } from '../../../src/sandbox/cluster/controllers/context.ts';
import { kinds } from '../../../src/sandbox/cluster/kinds.ts';
import { createStore } from '../../../src/sandbox/cluster/store.ts';

let context: ControllerContext;

const pdbs = { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets' };
const hpas = { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' };

beforeEach(() => {
  const now = (): Date => new Date('2026-11-20T12:00:00Z');
  context = {
    store: createStore(undefined, now),
    now,
    timeScale: 10,
    record: () => undefined,
    wakeAfter: () => undefined,
  };
});

function pod(name: string, ready: boolean, labels = { app: 'web' }): void {
  const object = {
    metadata: { name, namespace: 'default', labels },
    spec: { containers: [{ name: 'main', image: 'busybox' }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
  context.store.create(kinds.pods, object);
}

function statusOf(resource: typeof pdbs, spec: object): unknown {
  const object: KubeObject & { readonly spec: object } = {
    metadata: { name: 'it', namespace: 'default' },
    spec,
  };
  context.store.create(resource, object);
  syncBudgets(context);
  syncAutoscalers(context);
  return (context.store.get(resource, 'default', 'it') as { readonly status?: unknown } | null)?.status;
}

const selector = { matchLabels: { app: 'web' } };

describe('a PodDisruptionBudget', () => {
  it.each([
    [{ minAvailable: 1 }, { desiredHealthy: 1, disruptionsAllowed: 1 }],
    [{ minAvailable: '50%' }, { desiredHealthy: 2, disruptionsAllowed: 0 }],
    [{ maxUnavailable: 1 }, { desiredHealthy: 2, disruptionsAllowed: 0 }],
    [{ maxUnavailable: '50%' }, { desiredHealthy: 1, disruptionsAllowed: 1 }],
  ])('counts three pods, two of them ready, for %j', (spec, expected) => {
    pod('a', true);
    pod('b', true);
    pod('c', false);
    pod('other', true, { app: 'worker' });
    expect(statusOf(pdbs, { selector, ...spec })).toMatchObject({
      expectedPods: 3,
      currentHealthy: 2,
      ...expected,
    });
  });

  it('lets nothing go where nothing is', () => {
    expect(statusOf(pdbs, { selector, maxUnavailable: 1 })).toMatchObject({
      expectedPods: 0,
      disruptionsAllowed: 0,
    });
  });
});

describe('a HorizontalPodAutoscaler', () => {
  const spec = {
    scaleTargetRef: { kind: 'Deployment', name: 'web' },
    metrics: [{ type: 'Resource', resource: { name: 'cpu' } }],
  };

  function deployment(replicas: number): void {
    const object = {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas,
        selector,
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [] } },
      },
    };
    context.store.create(kinds.deployments, object);
    context.store.setStatus(kinds.deployments, 'default', 'web', { replicas });
  }

  it('says what its target has', () => {
    deployment(2);
    expect(statusOf(hpas, spec)).toMatchObject({
      currentReplicas: 2,
      desiredReplicas: 2,
      currentMetrics: [{ resource: { name: 'cpu' } }],
      conditions: [
        { type: 'AbleToScale', status: 'True' },
        { type: 'ScalingActive', status: 'True' },
        { type: 'ScalingLimited', status: 'False' },
      ],
    });
  });

  it('is switched off where its target is at zero, and leaves it there', () => {
    deployment(0);
    expect(statusOf(hpas, spec)).toMatchObject({
      desiredReplicas: 0,
      conditions: [{ type: 'AbleToScale' }, { type: 'ScalingActive', reason: 'ScalingDisabled' }],
    });
    expect(context.store.get(kinds.deployments, 'default', 'web')).toMatchObject({ spec: { replicas: 0 } });
  });
});
