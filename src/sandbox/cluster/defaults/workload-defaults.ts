import type { Fields } from '../fields.ts';
import { asFields, child, fieldsList, isFields, numberOf, textMap } from '../fields.ts';
import { fill, podSpecDefaults } from './pod-defaults.ts';

/** The pod template of a workload; pods of a template always get metadata. */
function templateDefaults(spec: Fields): void {
  const template = spec['template'];
  if (!isFields(template)) return;
  child(template, 'metadata');
  if (isFields(template['spec'])) podSpecDefaults(template['spec']);
}

export function deploymentDefaults(spec: Fields): void {
  fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = child(spec, 'strategy');
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate')
    fill(child(strategy, 'rollingUpdate'), { maxSurge: '25%', maxUnavailable: '25%' });
  templateDefaults(spec);
}

export function statefulSetDefaults(spec: Fields): void {
  fill(spec, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' });
  const strategy = child(spec, 'updateStrategy');
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate') fill(child(strategy, 'rollingUpdate'), { partition: 0 });
  fill(child(spec, 'persistentVolumeClaimRetentionPolicy'), { whenDeleted: 'Retain', whenScaled: 'Retain' });
  for (const claim of fieldsList(spec['volumeClaimTemplates'])) {
    fill(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } });
    fill(child(claim, 'spec'), { volumeMode: 'Filesystem' });
  }
  templateDefaults(spec);
}

export function replicaSetDefaults(spec: Fields): void {
  fill(spec, { replicas: 1 });
  templateDefaults(spec);
}

export function daemonSetDefaults(spec: Fields): void {
  fill(spec, { revisionHistoryLimit: 10 });
  const strategy = child(spec, 'updateStrategy');
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate')
    fill(child(strategy, 'rollingUpdate'), { maxSurge: 0, maxUnavailable: 1 });
  templateDefaults(spec);
}

export function jobSpecDefaults(spec: Fields): void {
  fill(spec, {
    completions: numberOf(spec['parallelism'], 1),
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  });
  templateDefaults(spec);
}

/** A Job's pods are found by a label that the server makes from the Job's name. */
export function jobSelector(object: Fields, spec: Fields): void {
  if (isFields(spec['selector'])) return;
  const name = asFields(object['metadata'])['name'];
  const labels = { 'batch.kubernetes.io/job-name': name, 'job-name': name };
  spec['selector'] = { matchLabels: { 'batch.kubernetes.io/job-name': name } };
  const metadata = child(child(spec, 'template'), 'metadata');
  metadata['labels'] = { ...textMap(metadata['labels']), ...labels };
}

export function cronJobDefaults(spec: Fields): void {
  fill(spec, {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const job = child(spec, 'jobTemplate');
  child(job, 'metadata');
  templateDefaults(child(job, 'spec'));
}
