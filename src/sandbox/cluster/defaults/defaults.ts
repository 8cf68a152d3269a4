import type { Fields } from '../fields.ts';
import { asFields, child, fieldsList, isFields, textOf } from '../fields.ts';
import type { ResourceEntry } from '../resources.ts';
import { admissionDefaults, fill, podSpecDefaults, qosClass, requestDefaults } from './pod-defaults.ts';
import {
  cronJobDefaults,
  daemonSetDefaults,
  deploymentDefaults,
  jobSelector,
  jobSpecDefaults,
  replicaSetDefaults,
  statefulSetDefaults,
} from './workload-defaults.ts';

type Fill = (object: Fields, spec: Fields) => void;

function serviceDefaults(_object: Fields, spec: Fields): void {
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  if (spec['type'] !== 'ExternalName')
    fill(spec, { internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  for (const port of fieldsList(spec['ports'])) fill(port, { protocol: 'TCP', targetPort: port['port'] });
}

function podDefaults(object: Fields, spec: Fields): void {
  fill(spec, { enableServiceLinks: true });
  admissionDefaults(spec);
  podSpecDefaults(spec);
  requestDefaults(spec);
  fill(child(object, 'status'), { phase: 'Pending', qosClass: qosClass(spec) });
}

/** `stringData` is write-only: it ends in `data` as base64. */
function secretDefaults(object: Fields): void {
  fill(object, { type: 'Opaque' });
  const plain = object['stringData'];
  delete object['stringData'];
  if (!isFields(plain)) return;
  const encoded = Object.entries(plain).map(([key, value]) => [
    key,
    Buffer.from(textOf(value)).toString('base64'),
  ]);
  object['data'] = { ...asFields(object['data']), ...(Object.fromEntries(encoded) as Fields) };
}

function namespaceDefaults(object: Fields): void {
  const metadata = child(object, 'metadata');
  fill(child(metadata, 'labels'), { 'kubernetes.io/metadata.name': metadata['name'] });
  fill(child(object, 'spec'), { finalizers: ['kubernetes'] });
  fill(child(object, 'status'), { phase: 'Active' });
}

function claimDefaults(object: Fields, spec: Fields): void {
  fill(spec, { volumeMode: 'Filesystem' });
  fill(child(object, 'status'), { phase: 'Pending' });
}

function bindingDefaults(object: Fields): void {
  const group = 'rbac.authorization.k8s.io';
  if (isFields(object['roleRef'])) fill(object['roleRef'], { apiGroup: group });
  for (const subject of fieldsList(object['subjects']))
    if (subject['kind'] !== 'ServiceAccount') fill(subject, { apiGroup: group });
}

function scalerDefaults(spec: Fields): void {
  const target = { type: 'Utilization', averageUtilization: 80 };
  fill(spec, { minReplicas: 1, metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] });
}

function policyDefaults(_object: Fields, spec: Fields): void {
  fill(spec, { policyTypes: spec['egress'] === undefined ? ['Ingress'] : ['Ingress', 'Egress'] });
  for (const rule of [...fieldsList(spec['ingress']), ...fieldsList(spec['egress'])])
    for (const port of fieldsList(rule['ports'])) fill(port, { protocol: 'TCP' });
}

const byPlural: Readonly<Record<string, Fill>> = {
  pods: podDefaults,
  services: serviceDefaults,
  secrets: secretDefaults,
  namespaces: namespaceDefaults,
  persistentvolumeclaims: claimDefaults,
  deployments: (_object, spec) => deploymentDefaults(spec),
  statefulsets: (_object, spec) => statefulSetDefaults(spec),
  replicasets: (_object, spec) => replicaSetDefaults(spec),
  daemonsets: (_object, spec) => daemonSetDefaults(spec),
  jobs: (object, spec) => {
    jobSpecDefaults(spec);
    jobSelector(object, spec);
  },
  cronjobs: (_object, spec) => cronJobDefaults(spec),
  horizontalpodautoscalers: (_object, spec) => scalerDefaults(spec),
  networkpolicies: policyDefaults,
  rolebindings: bindingDefaults,
  clusterrolebindings: bindingDefaults,
};

/** Drops nulls, which the real API's typed decoding does not keep. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (each === null ? [] : [[key, withoutNulls(each)]])),
  );
}

/**
 * The object as the real API would store it: nulls dropped, defaults filled in, `stringData` encoded.
 * What `describe` and `rollout status` print relies on them.
 */
export function withDefaults(resource: ResourceEntry, object: Fields): Fields {
  const filled = withoutNulls(object) as Fields;
  const fillIn = byPlural[resource.plural];
  if (fillIn === undefined) return filled;
  const spec = filled['spec'];
  fillIn(filled, isFields(spec) ? spec : {});
  return filled;
}
