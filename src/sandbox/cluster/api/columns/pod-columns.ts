import { fieldsList, isFields, numberOf, textOf, valueAt } from '../../fields.ts';
import type { Fields } from '../../fields.ts';
import type { StoredObject } from '../../objects.ts';
import { ageText, orNone, text } from './cells.ts';
import type { Column } from './column.ts';

const statuses = (pod: StoredObject, list = 'containerStatuses'): Fields[] =>
  fieldsList(valueAt(pod, 'status', list));

function ended(terminated: unknown): string {
  const reason = textOf(valueAt(terminated, 'reason'));
  if (reason !== '') return reason;
  const signal = numberOf(valueAt(terminated, 'signal'));
  return signal === 0 ? `ExitCode:${textOf(valueAt(terminated, 'exitCode'))}` : `Signal:${signal}`;
}

function initReason(pod: StoredObject): string {
  const all = statuses(pod, 'initContainerStatuses');
  for (const [index, status] of all.entries()) {
    const terminated = valueAt(status, 'state', 'terminated');
    if (isFields(terminated) && numberOf(terminated['exitCode']) === 0) continue;
    if (isFields(terminated)) return `Init:${ended(terminated)}`;
    const waiting = textOf(valueAt(status, 'state', 'waiting', 'reason'));
    if (waiting !== '' && waiting !== 'PodInitializing') return `Init:${waiting}`;
    return `Init:${index}/${all.length}`;
  }
  return '';
}

function containerReason(pod: StoredObject, phase: string): string {
  let reason = phase;
  let running = false;
  for (const status of statuses(pod).toReversed()) {
    const waiting = textOf(valueAt(status, 'state', 'waiting', 'reason'));
    const terminated = valueAt(status, 'state', 'terminated');
    if (waiting !== '') reason = waiting;
    else if (isFields(terminated)) reason = ended(terminated);
    else if (status['ready'] === true) running = true;
  }
  return reason === 'Completed' && running ? 'Running' : reason;
}

/** The Status column, as kubectl's printer derives it from phase and container states. */
function podStatus(pod: StoredObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const phase = textOf(valueAt(pod, 'status', 'reason')) || textOf(valueAt(pod, 'status', 'phase'));
  return initReason(pod) || containerReason(pod, phase === '' ? 'Unknown' : phase);
}

function restarts(pod: StoredObject, now: Date): string {
  const all = statuses(pod);
  const total = all.reduce((sum, status) => sum + numberOf(status['restartCount']), 0);
  const last = all
    .map((status) => textOf(valueAt(status, 'lastState', 'terminated', 'finishedAt')))
    .toSorted()
    .at(-1);
  return total === 0 || last === undefined || last === ''
    ? String(total)
    : `${total} (${ageText(last, now)} ago)`;
}

const ready = (pod: StoredObject): string => {
  const up = statuses(pod).filter((status) => status['ready'] === true).length;
  return `${up}/${fieldsList(valueAt(pod, 'spec', 'containers')).length}`;
};

/** `kubectl get pods`. */
export const podColumns: readonly Column[] = [
  { name: 'Ready', cell: ready },
  { name: 'Status', cell: podStatus },
  { name: 'Restarts', cell: restarts },
  { name: 'IP', wide: true, cell: text('status', 'podIP') },
  { name: 'Node', wide: true, cell: text('spec', 'nodeName') },
  { name: 'Nominated Node', wide: true, cell: text('status', 'nominatedNodeName') },
  { name: 'Readiness Gates', wide: true, cell: () => orNone('') },
];
