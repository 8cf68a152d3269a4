import { fieldsList, textOf, valueAt } from '../../fields.ts';
import type { StoredObject } from '../../objects.ts';
import { ageText, count, labelsText, orNone, text } from './cells.ts';
import type { Column } from './column.ts';

function externalAddress(service: StoredObject): string {
  const type = valueAt(service, 'spec', 'type');
  if (type === 'ExternalName') return textOf(valueAt(service, 'spec', 'externalName'));
  const ingress = fieldsList(valueAt(service, 'status', 'loadBalancer', 'ingress'));
  const list = ingress.map((each) => textOf(each['ip']) || textOf(each['hostname'])).join(',');
  if (type === 'LoadBalancer') return list === '' ? '<pending>' : list;
  return orNone('');
}

const portTexts = (service: StoredObject): string =>
  orNone(
    fieldsList(valueAt(service, 'spec', 'ports'))
      .map((port) => {
        const node = textOf(port['nodePort']);
        return `${textOf(port['port'])}${node === '' ? '' : `:${node}`}/${textOf(port['protocol']) || 'TCP'}`;
      })
      .join(','),
  );

/** `kubectl get services`. */
export const serviceColumns: readonly Column[] = [
  { name: 'Type', cell: text('spec', 'type') },
  { name: 'Cluster-IP', cell: text('spec', 'clusterIP') },
  { name: 'External-IP', cell: externalAddress },
  { name: 'Port(s)', cell: portTexts },
  { name: 'Selector', wide: true, cell: (object) => labelsText(valueAt(object, 'spec', 'selector')) },
];

/** `kubectl get events`. */
export const eventColumns: readonly Column[] = [
  {
    name: 'Last Seen',
    cell: (event, now) =>
      ageText(
        textOf(event['lastTimestamp']) || textOf(event['eventTime']) || event.metadata.creationTimestamp,
        now,
      ),
  },
  { name: 'Type', cell: (event) => textOf(event['type']) },
  { name: 'Reason', cell: (event) => textOf(event['reason']) },
  {
    name: 'Object',
    cell: (event) =>
      `${textOf(valueAt(event, 'involvedObject', 'kind')).toLowerCase()}/${textOf(valueAt(event, 'involvedObject', 'name'))}`,
  },
  { name: 'Subobject', wide: true, cell: (event) => textOf(valueAt(event, 'involvedObject', 'fieldPath')) },
  { name: 'Source', wide: true, cell: (event) => textOf(valueAt(event, 'source', 'component')) },
  { name: 'Message', cell: (event) => textOf(event['message']).trim() },
  { name: 'First Seen', wide: true, cell: (event, now) => ageText(event['firstTimestamp'], now) },
  { name: 'Count', wide: true, cell: (event) => textOf(event['count']) || '1' },
  { name: 'Name', wide: true, format: 'name', cell: (event) => event.metadata.name },
];

const nodeAddress =
  (type: string) =>
  (node: StoredObject): string => {
    const all = fieldsList(valueAt(node, 'status', 'addresses'));
    return orNone(textOf(all.find((address) => address['type'] === type)?.['address']));
  };

/** `kubectl get nodes`. */
export const nodeColumns: readonly Column[] = [
  {
    name: 'Status',
    cell: (node) => {
      const conditions = fieldsList(valueAt(node, 'status', 'conditions'));
      const ready = conditions.find((condition) => condition['type'] === 'Ready');
      return ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady';
    },
  },
  { name: 'Roles', cell: () => orNone('') },
  { name: 'Version', cell: text('status', 'nodeInfo', 'kubeletVersion') },
  { name: 'Internal-IP', wide: true, cell: nodeAddress('InternalIP') },
  { name: 'External-IP', wide: true, cell: nodeAddress('ExternalIP') },
  { name: 'OS-Image', wide: true, cell: text('status', 'nodeInfo', 'osImage') },
  { name: 'Kernel-Version', wide: true, cell: text('status', 'nodeInfo', 'kernelVersion') },
  { name: 'Container-Runtime', wide: true, cell: text('status', 'nodeInfo', 'containerRuntimeVersion') },
];

const hosts = (ingress: StoredObject): string => {
  const all = fieldsList(valueAt(ingress, 'spec', 'rules')).map((rule) => textOf(rule['host']) || '*');
  return all.length === 0 ? '*' : all.join(',');
};

/** `kubectl get ingresses`. */
export const ingressColumns: readonly Column[] = [
  { name: 'Class', cell: text('spec', 'ingressClassName') },
  { name: 'Hosts', cell: hosts },
  {
    name: 'Address',
    cell: (ingress) =>
      fieldsList(valueAt(ingress, 'status', 'loadBalancer', 'ingress'))
        .map((each) => textOf(each['ip']) || textOf(each['hostname']))
        .join(','),
  },
  {
    name: 'Ports',
    cell: (ingress) => (fieldsList(valueAt(ingress, 'spec', 'tls')).length > 0 ? '80, 443' : '80'),
  },
];

/** `kubectl get persistentvolumeclaims`. */
export const claimColumns: readonly Column[] = [
  { name: 'Status', cell: text('status', 'phase') },
  { name: 'Volume', cell: (claim) => textOf(valueAt(claim, 'spec', 'volumeName')) },
  { name: 'Capacity', cell: (claim) => textOf(valueAt(claim, 'status', 'capacity', 'storage')) },
  {
    name: 'Access Modes',
    cell: (claim) => {
      const modes = valueAt(claim, 'status', 'accessModes');
      return Array.isArray(modes) ? modes.map((mode) => textOf(mode).replaceAll(/[a-z]/g, '')).join(',') : '';
    },
  },
  { name: 'StorageClass', cell: (claim) => textOf(valueAt(claim, 'spec', 'storageClassName')) },
  {
    name: 'VolumeAttributesClass',
    cell: (claim) => textOf(valueAt(claim, 'spec', 'volumeAttributesClassName')) || '<unset>',
  },
  { name: 'VolumeMode', wide: true, cell: text('spec', 'volumeMode') },
];

const targets = (scaler: StoredObject): string => {
  const current = fieldsList(valueAt(scaler, 'status', 'currentMetrics'));
  const wanted = fieldsList(valueAt(scaler, 'spec', 'metrics')).map((metric, index) => {
    const name = textOf(valueAt(metric, 'resource', 'name'));
    const target = textOf(valueAt(metric, 'resource', 'target', 'averageUtilization'));
    const now = textOf(valueAt(current[index], 'resource', 'current', 'averageUtilization'));
    return `${name}: ${now === '' ? '<unknown>' : `${now}%`}/${target}%`;
  });
  return orNone(wanted.join(', '));
};

/** `kubectl get horizontalpodautoscalers`. */
export const scalerColumns: readonly Column[] = [
  {
    name: 'Reference',
    cell: (scaler) =>
      `${textOf(valueAt(scaler, 'spec', 'scaleTargetRef', 'kind'))}/${textOf(valueAt(scaler, 'spec', 'scaleTargetRef', 'name'))}`,
  },
  { name: 'Targets', cell: targets },
  { name: 'MinPods', cell: (scaler) => textOf(valueAt(scaler, 'spec', 'minReplicas')) || '1' },
  { name: 'MaxPods', cell: count('spec', 'maxReplicas') },
  { name: 'Replicas', cell: count('status', 'currentReplicas') },
];
