import { fieldsList, textOf, valueAt } from '../../fields.ts';
import { ageText, count, labelsText, orNone, size, spanText, text, workloadColumns } from './cells.ts';
import type { Column } from './column.ts';
import {
  claimColumns,
  eventColumns,
  ingressColumns,
  nodeColumns,
  scalerColumns,
  serviceColumns,
} from './other-columns.ts';
import { podColumns } from './pod-columns.ts';

const readyOfWanted: Column = {
  name: 'Ready',
  cell: (object) =>
    `${count('status', 'readyReplicas')(object)}/${textOf(valueAt(object, 'spec', 'replicas')) || '0'}`,
};

const duration: Column = {
  name: 'Duration',
  cell: (object, now) => {
    const start = Date.parse(textOf(valueAt(object, 'status', 'startTime')));
    const end = Date.parse(textOf(valueAt(object, 'status', 'completionTime')));
    if (Number.isNaN(start)) return '';
    return spanText(((Number.isNaN(end) ? now.getTime() : end) - start) / 1000);
  },
};

const jobState: Column = {
  name: 'Status',
  cell: (object) => {
    const conditions = fieldsList(valueAt(object, 'status', 'conditions'));
    const done = conditions.find((each) => each['status'] === 'True');
    return done === undefined ? 'Running' : textOf(done['type']);
  },
};

const roleRef: Column = {
  name: 'Role',
  cell: (object) =>
    `${textOf(valueAt(object, 'roleRef', 'kind'))}/${textOf(valueAt(object, 'roleRef', 'name'))}`,
};

/** The columns of `kubectl get` beside Name and Age; kinds that are not here have only these two. */
export const columnsByPlural: Readonly<Record<string, readonly Column[]>> = {
  pods: podColumns,
  services: serviceColumns,
  events: eventColumns,
  nodes: nodeColumns,
  ingresses: ingressColumns,
  persistentvolumeclaims: claimColumns,
  horizontalpodautoscalers: scalerColumns,
  namespaces: [{ name: 'Status', cell: text('status', 'phase') }],
  configmaps: [{ name: 'Data', cell: size('data') }],
  secrets: [
    { name: 'Type', cell: text('type') },
    { name: 'Data', cell: size('data') },
  ],
  deployments: [
    readyOfWanted,
    { name: 'Up-to-date', cell: count('status', 'updatedReplicas') },
    { name: 'Available', cell: count('status', 'availableReplicas') },
    ...workloadColumns,
  ],
  statefulsets: [readyOfWanted, ...workloadColumns.slice(0, 2)],
  replicasets: [
    { name: 'Desired', type: 'integer', cell: count('spec', 'replicas') },
    { name: 'Current', type: 'integer', cell: count('status', 'replicas') },
    { name: 'Ready', type: 'integer', cell: count('status', 'readyReplicas') },
    ...workloadColumns,
  ],
  daemonsets: [
    { name: 'Desired', type: 'integer', cell: count('status', 'desiredNumberScheduled') },
    { name: 'Current', type: 'integer', cell: count('status', 'currentNumberScheduled') },
    { name: 'Ready', type: 'integer', cell: count('status', 'numberReady') },
    { name: 'Up-to-date', type: 'integer', cell: count('status', 'updatedNumberScheduled') },
    { name: 'Available', type: 'integer', cell: count('status', 'numberAvailable') },
    {
      name: 'Node Selector',
      cell: (object) => labelsText(valueAt(object, 'spec', 'template', 'spec', 'nodeSelector')),
    },
    ...workloadColumns,
  ],
  jobs: [
    jobState,
    {
      name: 'Completions',
      cell: (object) =>
        `${count('status', 'succeeded')(object)}/${textOf(valueAt(object, 'spec', 'completions')) || '1'}`,
    },
    duration,
    ...workloadColumns,
  ],
  cronjobs: [
    { name: 'Schedule', cell: text('spec', 'schedule') },
    { name: 'Timezone', cell: text('spec', 'timeZone') },
    { name: 'Suspend', cell: (object) => (valueAt(object, 'spec', 'suspend') === true ? 'True' : 'False') },
    { name: 'Active', type: 'integer', cell: size('status', 'active') },
    {
      name: 'Last Schedule',
      cell: (object, now) => {
        const last = textOf(valueAt(object, 'status', 'lastScheduleTime'));
        return last === '' ? orNone('') : ageText(last, now);
      },
    },
    ...workloadColumns.slice(0, 2),
  ],
  endpoints: [
    {
      name: 'Endpoints',
      cell: (object) =>
        orNone(
          fieldsList(object['subsets'])
            .flatMap((subset) =>
              fieldsList(subset['addresses']).flatMap((address) =>
                fieldsList(subset['ports']).map((port) => `${textOf(address['ip'])}:${textOf(port['port'])}`),
              ),
            )
            .join(','),
        ),
    },
  ],
  endpointslices: [
    { name: 'AddressType', cell: text('addressType') },
    {
      name: 'Ports',
      cell: (object) =>
        orNone(
          fieldsList(object['ports'])
            .map((port) => textOf(port['port']))
            .join(','),
        ),
    },
    {
      name: 'Endpoints',
      cell: (object) =>
        orNone(
          fieldsList(object['endpoints'])
            .flatMap((each) => each['addresses'])
            .join(','),
        ),
    },
  ],
  serviceaccounts: [{ name: 'Secrets', type: 'integer', cell: size('secrets') }],
  networkpolicies: [
    {
      name: 'Pod-Selector',
      cell: (object) => labelsText(valueAt(object, 'spec', 'podSelector', 'matchLabels')),
    },
  ],
  poddisruptionbudgets: [
    { name: 'Min Available', cell: (object) => textOf(valueAt(object, 'spec', 'minAvailable')) || 'N/A' },
    { name: 'Max Unavailable', cell: (object) => textOf(valueAt(object, 'spec', 'maxUnavailable')) || 'N/A' },
    { name: 'Allowed Disruptions', type: 'integer', cell: count('status', 'disruptionsAllowed') },
  ],
  leases: [{ name: 'Holder', cell: (object) => textOf(valueAt(object, 'spec', 'holderIdentity')) }],
  rolebindings: [roleRef],
  clusterrolebindings: [roleRef],
  storageclasses: [{ name: 'Provisioner', cell: text('provisioner') }],
  virtualservices: [
    { name: 'Gateways', cell: (object) => JSON.stringify(valueAt(object, 'spec', 'gateways') ?? []) },
    { name: 'Hosts', cell: (object) => JSON.stringify(valueAt(object, 'spec', 'hosts') ?? []) },
  ],
  authorizationpolicies: [{ name: 'Action', cell: text('spec', 'action') }],
};
