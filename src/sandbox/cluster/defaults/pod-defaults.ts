import type { Fields } from '../fields.ts';
import { asFields, fieldsList, isFields, textOf } from '../fields.ts';

/** Sets what is absent. */
export function fill(object: Fields, values: Fields): void {
  for (const [key, value] of Object.entries(values)) object[key] ??= value;
}

const taglessOrLatest = (image: string): boolean => {
  const last = image.split('/').at(-1) ?? '';
  return !image.includes('@') && (!last.includes(':') || last.endsWith(':latest'));
};

function probeDefaults(probe: unknown): void {
  if (!isFields(probe)) return;
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  const http = probe['httpGet'];
  if (isFields(http)) fill(http, { path: '/', scheme: 'HTTP' });
}

function containerDefaults(container: Fields): void {
  fill(container, {
    imagePullPolicy: taglessOrLatest(textOf(container['image'])) ? 'Always' : 'IfNotPresent',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  for (const port of fieldsList(container['ports'])) fill(port, { protocol: 'TCP' });
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) probeDefaults(container[name]);
  for (const variable of fieldsList(container['env'])) {
    const field = asFields(variable['valueFrom'])['fieldRef'];
    if (isFields(field)) fill(field, { apiVersion: 'v1' });
  }
}

/** Limits are requests too, once a pod exists; templates keep what was written. */
export function requestDefaults(spec: Fields): void {
  for (const container of [...fieldsList(spec['containers']), ...fieldsList(spec['initContainers'])]) {
    const resources = asFields(container['resources']);
    const { limits, requests } = resources;
    if (isFields(limits)) resources['requests'] = { ...limits, ...asFields(requests) };
  }
}

const tolerated = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/** What the admission plugins DefaultTolerationSeconds, Priority and ServiceAccount give a pod. */
export function admissionDefaults(spec: Fields): void {
  fill(spec, { serviceAccountName: 'default', priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
  const own = fieldsList(spec['tolerations']);
  const missing = tolerated.filter(({ key }) => !own.some((each) => each['key'] === key));
  if (missing.length > 0) spec['tolerations'] = [...own, ...missing];
}

function volumeDefaults(volume: Fields): void {
  for (const source of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    const value = volume[source];
    if (isFields(value)) fill(value, { defaultMode: 420 });
  }
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) volume['emptyDir'] = {};
}

/** Defaults of a PodSpec: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export function podSpecDefaults(spec: Fields): void {
  fill(spec, {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    terminationGracePeriodSeconds: 30,
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  const account = spec['serviceAccountName'];
  if (account !== undefined) fill(spec, { serviceAccount: account });
  for (const list of ['containers', 'initContainers']) fieldsList(spec[list]).forEach(containerDefaults);
  fieldsList(spec['volumes']).forEach(volumeDefaults);
}

const sameQuantities = (container: Fields): boolean => {
  const { limits, requests } = asFields(container['resources']);
  return ['cpu', 'memory'].every((name) => {
    const limit = asFields(limits)[name];
    return limit !== undefined && limit === (asFields(requests)[name] ?? limit);
  });
};

/** The class by which the kernel and the kubelet pick victims under memory pressure. */
export function qosClass(spec: Fields): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...fieldsList(spec['containers']), ...fieldsList(spec['initContainers'])];
  const asks = containers.some((each) => {
    const { limits, requests } = asFields(each['resources']);
    return Object.keys({ ...asFields(limits), ...asFields(requests) }).length > 0;
  });
  if (!asks) return 'BestEffort';
  return containers.every(sameQuantities) ? 'Guaranteed' : 'Burstable';
}
