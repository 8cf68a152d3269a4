import type { FailingRow } from './change.ts';
import { ago, container, env, variable, pod, stuckPod, sinceThree } from './change.ts';

export const kubeRows: readonly FailingRow[] = [
  {
    check: 'kube/secret-refs',
    when: 'a key is missing',
    change: (f) => {
      variable(f, 'web', 'SALT').source = {
        from: 'missing',
        object: 'secret/langfuse-env',
        key: 'SALT',
        why: 'no-key',
      };
    },
    says: /key SALT of secret\/langfuse-env/,
  },
  {
    check: 'kube/secret-refs',
    when: 'a whole Secret is missing',
    change: (f) => env(f, 'web').unreadable.push({ object: 'secret/gone', why: 'no-object' }),
    says: /secret\/gone/,
  },
  {
    check: 'kube/images',
    when: 'the tag does not exist',
    change: (f) => stuckPod(f, 'web', 'ImagePullBackOff', 'not found'),
    says: /cannot be pulled/,
  },
  {
    check: 'kube/replicas',
    when: 'web is scaled to zero',
    change: (f) => {
      for (const one of f['deployment/discovery'].components) if (one.role === 'web') one.desiredReplicas = 0;
    },
    says: /scaled to zero/,
  },
  {
    check: 'kube/replicas',
    when: 'one of two web Deployments is scaled to zero',
    change: (f) => {
      const { components } = f['deployment/discovery'];
      const web = components.find(({ role }) => role === 'web');
      if (web === undefined) throw new Error('no web');
      const { kind, name } = { kind: 'Deployment', name: 'langfuse-ingest' } as const;
      components.push({ ...web, workload: { ...web.workload, name }, desiredReplicas: 0 });
      const [first] = f['kube/endpoints'];
      if (first === undefined) throw new Error('no endpoints');
      const workload = { kind, name, replicas: 0 };
      f['kube/endpoints'].push({ ...first, part: 'web', service: 'ingest', readyPods: [], workload });
    },
    says: /langfuse-ingest is scaled to zero: nothing is behind service ingest/,
  },
  {
    check: 'kube/pods',
    when: 'the worker runs for a moment between two crashes',
    change: (f) => {
      const one = container(f, 'worker');
      one.restarts = 3;
      one.lastState = { terminated: { exitCode: 1, reason: 'Error' } };
      for (const http of f['worker/http'])
        for (const path of Object.keys(http.answers)) http.answers[path] = null;
    },
    says: /restarted 3 times \(exit code 1\) and does not answer/,
    on: sinceThree,
  },
  {
    check: 'kube/pods',
    when: 'web crashes',
    change: (f) => stuckPod(f, 'web', 'CrashLoopBackOff', 'back-off'),
    says: /CrashLoopBackOff/,
  },
  {
    check: 'kube/pods',
    when: 'a pod never becomes ready',
    change: (f) => Object.assign(pod(f, 'worker'), { ready: false, startedAt: ago(600_000) }),
    says: /not ready after 600 s/,
    on: sinceThree,
  },
  {
    check: 'kube/pods',
    when: 'a pod cannot be scheduled',
    change: (f) => {
      pod(f, 'web').unschedulable = '0/1 nodes are available';
    },
    says: /cannot be scheduled/,
  },
  {
    check: 'versions/consistent',
    when: 'the worker is older',
    change: (f) => {
      for (const one of f['deployment/discovery'].components)
        if (one.role === 'worker') one.imageVersion = '3.198.0';
    },
    says: /runs 3\.198\.0/,
  },
  {
    check: 'helm/release',
    when: 'the newest revision is pending',
    change: (f) => {
      const last = f['helm/revisions'].at(-1);
      if (last) last.status = 'pending-upgrade';
    },
    says: /pending-upgrade/,
  },
  {
    check: 'versions/known',
    when: 'it is later than the newest known one',
    change: (f) => {
      Object.assign(f['deployment/version'], { live: '4.17.0', all: ['4.17.0'] });
    },
    says: /Langfuse 4\.17\.0 is later than 4\.16\.0/,
  },
];
