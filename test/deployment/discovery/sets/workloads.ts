import type { Container, KubeObject, Pod, Workload } from '../../../../src/ports/kube-objects.ts';
import { pod, workload } from '../../fake-kube.ts';
import { web, worker } from '../../installations.ts';
import { object, running } from './_live.ts';
import type { ObjectSet } from './_set.ts';
import { add, changed, home, plain, set } from './_set.ts';

const from = [{ secretRef: { name: 'env' } }];
const ui = web('langfuse', from);
const background = worker('worker', from);
const started = { namespace: home };

const scaled = (one: KubeObject, replicas: number): Workload => {
  const made = one as Workload;
  return { ...made, spec: { ...made.spec, replicas }, status: {} };
};

/** Two Deployments whose selectors match each other's pods, as a copied manifest has it. */
const sameSelector = (name: string, container: Container): Workload => {
  const made = workload(name, home, [container]);
  const labels = { app: 'langfuse' };
  return {
    ...made,
    spec: {
      ...made.spec,
      selector: { matchLabels: labels },
      template: { ...made.spec.template, metadata: { labels } },
    },
  };
};

const expressions = (one: Workload, component: string): Workload => ({
  ...one,
  spec: {
    ...one.spec,
    selector: {
      matchExpressions: [
        { key: 'part', operator: 'In', values: [component] },
        { key: 'canary', operator: 'DoesNotExist' },
      ],
    },
    template: { ...one.spec.template, metadata: { labels: { part: component } } },
  },
});

/** Who runs the pods, and how far it got. */
export const workloadSets: readonly ObjectSet[] = [
  set(
    'workload-scaled-to-zero',
    changed(plain(), (objects) => {
      objects['deployments'] = (objects['deployments'] ?? []).map((one) => scaled(one, 0));
      objects['pods'] = [];
    }),
  ),
  set(
    'workload-without-pods-yet',
    changed(plain(), (objects) => {
      objects['deployments'] = (objects['deployments'] ?? []).map((one) => scaled(one, 2));
      objects['pods'] = [];
    }),
  ),
  set(
    'workload-same-selector',
    running(
      changed(plain(), (objects) => {
        objects['deployments'] = [sameSelector('langfuse', ui), sameSelector('langfuse-worker', background)];
        objects['pods'] = [];
      }),
    ),
  ),
  set(
    'workload-match-expressions',
    running(
      changed(plain(), (objects) => {
        objects['deployments'] = [
          expressions(workload('langfuse', home, [ui]), 'web'),
          expressions(workload('langfuse-worker', home, [background]), 'worker'),
        ];
        objects['pods'] = [];
      }),
    ),
  ),
  set(
    'workload-statefulset-and-daemonset',
    changed(plain(), (objects) => {
      objects['deployments'] = [];
      objects['statefulsets'] = [workload('langfuse', home, [ui])];
      objects['daemonsets'] = [workload('langfuse-worker', home, [background])];
    }),
  ),
  {
    name: 'workload-argo-rollout',
    given: started,
    cluster: {
      objects: running(
        changed(plain(), (objects) => {
          objects['deployments'] = [workload('langfuse-worker', home, [background])];
          objects['rollouts'] = [workload('langfuse', home, [ui])];
          objects['pods'] = [];
        }),
      ),
    },
  },
  {
    name: 'workload-argo-rollout-by-reference',
    given: started,
    cluster: {
      objects: changed(plain(), (objects) => {
        const [first, ...rest] = objects['deployments'] ?? [];
        objects['deployments'] = [...(first === undefined ? [] : [scaled(first, 0)]), ...rest];
        objects['rollouts'] = [
          object('langfuse', home, {
            spec: { replicas: 2, workloadRef: { kind: 'Deployment', name: 'langfuse' } },
            status: { readyReplicas: 2 },
          }),
        ];
      }),
    },
  },
  {
    name: 'workload-bare-pods',
    given: started,
    cluster: {
      objects: changed(plain(), (objects) => {
        objects['deployments'] = [];
        const bare = (name: string, container: Container): Pod => ({
          ...pod(name, home, name),
          spec: { containers: [container] },
        });
        objects['pods'] = [bare('langfuse', ui), bare('langfuse-worker', background)];
      }),
    },
  },
  {
    name: 'workload-job-pods-are-none',
    given: started,
    cluster: {
      objects: changed(plain(), (objects) => {
        objects['deployments'] = [];
        const controller = {
          apiVersion: 'batch/v1',
          kind: 'Job',
          name: 'langfuse-migrate',
          uid: '1',
          controller: true,
        };
        const made = pod('langfuse-migrate-x2x9q', home, 'langfuse');
        objects['pods'] = [
          {
            ...made,
            metadata: { ...made.metadata, ownerReferences: [controller] },
            spec: { containers: [ui] },
          } as KubeObject,
        ];
      }),
    },
  },
  set(
    'workload-litellm-beside',
    changed(plain(), (objects) => {
      const proxy = {
        name: 'proxy',
        image: 'ghcr.io/berriai/litellm:main-v1.80.0',
        ports: [{ containerPort: 4000 }],
      };
      add(
        objects,
        'deployments',
        workload('litellm', home, [proxy], { volumes: [{ name: 'c', configMap: { name: 'litellm' } }] }),
      );
      add(objects, 'configmaps', object('litellm', home, { data: { 'config.yaml': 'model_list: []\n' } }));
    }),
  ),
  { name: 'workload-none-at-all', cluster: { objects: {} }, given: started },
];
