import type { KubeObject, OwnerReference } from '../../ports/kube-objects.ts';
import { resources as kinds } from '../cluster/resources.ts';
import type { LayoutOwner } from '../fault.ts';
import { withoutHelm } from './helm-release.ts';
import type { Layout, LayoutInput, LayoutObject, LayoutStage } from './layout.ts';

/**
 * The same installation as somebody else applies it: without Helm's Secrets and annotations, with the marks that the
 * owner leaves. The owner's own custom resource comes with the first stage.
 */
export function ownedBy(owner: LayoutOwner, layout: Layout, input: LayoutInput): Layout {
  const { names } = layout;
  const name = names.release ?? names.web;
  const mark = owner === 'argo-cd' ? argoMarks(name, input.now) : operatorMarks(name, input.now);
  const stages = layout.stages.map((stage): LayoutStage => ({
    ...stage,
    objects: stage.objects
      .filter(({ object }) => !isReleaseSecret(object))
      .map((each) =>
        isInstalled(each, names.namespace)
          ? mark({ ...each, object: withoutHelm(each.object) }, layout)
          : each,
      ),
  }));
  const [first, ...rest] = stages;
  if (first === undefined) return layout;
  const own = owner === 'argo-cd' ? application(name, layout, input) : [instance(name, layout, input)];
  return {
    ...layout,
    names: { ...names, release: null },
    stages: [{ ...first, objects: [...first.objects, ...own] }, ...rest],
  };
}

type Mark = (each: LayoutObject, layout: Layout) => LayoutObject;

const isReleaseSecret = (object: KubeObject): boolean =>
  'type' in object && object.type === 'helm.sh/release.v1';

/** What the installation consists of; a namespace and its default account are older, and owned objects have an owner. */
function isInstalled({ object }: LayoutObject, namespace: string): boolean {
  const { metadata, kind } = object;
  const given = kind === 'ServiceAccount' && metadata.name === 'default';
  return metadata.namespace === namespace && !given && metadata.ownerReferences === undefined;
}

/** Who wrote an object's fields, as the API notes it. */
function written(object: KubeObject, manager: string, operation: 'Apply' | 'Update', now: Date) {
  return [
    {
      manager,
      operation,
      apiVersion: object.apiVersion ?? '',
      time: `${now.toISOString().slice(0, 19)}Z`,
      fieldsType: 'FieldsV1',
      fieldsV1: {},
    },
  ];
}

/**
 * Argo CD tracks by an annotation since 3.0 and applies from its own server
 * (https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/). Labels of a rendered chart stay.
 */
function argoMarks(name: string, now: Date): Mark {
  return ({ resource, object }) => {
    const { group } = resource;
    const place = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const metadata = {
      ...object.metadata,
      annotations: {
        ...object.metadata.annotations,
        'argocd.argoproj.io/tracking-id': `${name}:${group}/${object.kind ?? ''}:${place}`,
      },
      managedFields: written(object, 'argocd-controller', 'Apply', now),
    };
    return { resource, object: { ...object, metadata } };
  };
}

function application(name: string, { names }: Layout, input: LayoutInput): LayoutObject[] {
  const object = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: {
      project: 'default',
      source: {
        repoURL: 'https://git.example.test/platform/langfuse.git',
        path: 'overlays/production',
        targetRevision: 'main',
      },
      destination: { server: 'https://kubernetes.default.svc', namespace: names.namespace },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
    status: {
      sync: { status: 'Synced' },
      health: { status: 'Healthy' },
      reconciledAt: input.now.toISOString(),
    },
  };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } };
  return [
    { resource: kindNamed('Namespace'), object: namespace },
    { resource: kindNamed('Application'), object },
  ];
}

/**
 * The operator owns Langfuse's own objects; stores are given to it
 * (https://github.com/PalenaAI/langfuse-operator: LangfuseInstance of langfuse.palena.ai/v1alpha1).
 */
function operatorMarks(name: string, now: Date): Mark {
  const reference: OwnerReference = {
    apiVersion: 'langfuse.palena.ai/v1alpha1',
    kind: 'LangfuseInstance',
    name,
    uid: '',
    controller: true,
  };
  return ({ resource, object }, layout) => {
    if (!isLangfuse(object, layout)) return { resource, object };
    const { 'helm.sh/chart': _, ...labels } = object.metadata.labels ?? {};
    const metadata = {
      ...object.metadata,
      labels: {
        ...labels,
        'app.kubernetes.io/instance': name,
        'app.kubernetes.io/managed-by': 'langfuse-operator',
      },
      ownerReferences: [reference],
      managedFields: written(object, 'langfuse-operator', 'Update', now),
    };
    return { resource, object: { ...object, metadata } };
  };
}

function isLangfuse({ kind, metadata }: KubeObject, { names }: Layout): boolean {
  if (kind !== 'Deployment' && kind !== 'Service') return false;
  return [...names.webs, names.webService, names.worker].includes(metadata.name);
}

function instance(name: string, { names, publicHost }: Layout, input: LayoutInput): LayoutObject {
  const object = {
    apiVersion: 'langfuse.palena.ai/v1alpha1',
    kind: 'LangfuseInstance',
    metadata: { name, namespace: names.namespace },
    spec: {
      image: { tag: input.version },
      auth: { nextAuthUrl: `https://${publicHost}` },
      web: { replicas: 1 },
      worker: { replicas: 1 },
    },
    status: { phase: 'Running', version: input.version },
  };
  return { resource: kindNamed('LangfuseInstance'), object };
}

function kindNamed(kind: string): LayoutObject['resource'] {
  const found = kinds.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no resource for ${kind}`);
  const { group, version, plural } = found;
  return { group, version, plural };
}
