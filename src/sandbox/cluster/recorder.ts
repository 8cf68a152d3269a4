import { randomBytes } from 'node:crypto';
import type { KubeEvent, KubeObject } from '../../ports/kube-objects.ts';
import { found, kinds, listed } from './kinds.ts';
import type { ObjectStore } from './objects.ts';
import { timestamp } from './timestamp.ts';

/** Events kept in all; the oldest go first. A real cluster keeps them an hour. */
const keptEvents = 500;

interface EventSubject extends KubeObject {
  readonly kind?: string;
}

interface NewEvent {
  readonly kind: string;
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** For example `spec.containers{web}`. */
  readonly fieldPath?: string;
  /** Who says it, where it is not the recorder's own component. */
  readonly component?: string;
}

/** Writes Events; the same one again raises its count, as client-go's correlator does. */
export type Record = (subject: EventSubject, event: NewEvent) => void;

/** Writes a component's events; equal ones are counted instead of repeated. */
export function eventRecorder(store: ObjectStore, now: () => Date, component: string): Record {
  const known = new Map<string, string>();
  return (subject, event) => {
    const namespace = subject.metadata.namespace ?? 'default';
    const key = [subject.metadata.uid, event.reason, event.message, event.fieldPath].join('\n');
    const before = known.get(key);
    const earlier = before === undefined ? null : found<KubeEvent>(store, kinds.events, namespace, before);
    if (earlier !== null) return repeat(store, earlier, now());
    const name = `${subject.metadata.name}.${randomBytes(8).toString('hex')}`;
    known.set(key, name);
    store.create(
      kinds.events,
      eventObject(subject, event, { name, namespace, component: event.component ?? component, time: now() }),
    );
    trim(store);
  };
}

function repeat(store: ObjectStore, event: KubeEvent, time: Date): void {
  const { resourceVersion: _, ...metadata } = event.metadata;
  const next: KubeEvent = {
    ...event,
    metadata,
    count: (event.count ?? 1) + 1,
    lastTimestamp: timestamp(time),
  };
  store.update(kinds.events, next);
}

function eventObject(
  subject: EventSubject,
  event: NewEvent,
  place: { name: string; namespace: string; component: string; time: Date },
): KubeObject {
  const { name, namespace, component } = place;
  const time = timestamp(place.time);
  const object = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: {
      kind: event.kind,
      namespace,
      name: subject.metadata.name,
      uid: subject.metadata.uid,
      apiVersion: subject.apiVersion ?? 'v1',
      ...(event.fieldPath === undefined ? {} : { fieldPath: event.fieldPath }),
    },
    reason: event.reason,
    message: event.message,
    source: { component },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    type: event.type ?? 'Normal',
    eventTime: null,
    reportingComponent: component,
    reportingInstance: '',
  };
  return object;
}

function trim(store: ObjectStore): void {
  const events = listed<KubeEvent>(store, kinds.events);
  if (events.length <= keptEvents) return;
  const oldest = events.toSorted((left, right) =>
    (left.lastTimestamp ?? '') < (right.lastTimestamp ?? '') ? -1 : 1,
  )[0];
  if (oldest) store.remove(kinds.events, oldest.metadata.namespace ?? null, oldest.metadata.name);
}
