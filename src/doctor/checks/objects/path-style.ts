import type { ComponentEnvView, ObjectsView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { valueOf } from '../../fact.ts';
import type { LogView } from '../../views.ts';
import { envEvidence, failing, logEvidence, logHits, setVariableFix } from '../../wording.ts';
import { eventsStuck } from '../../symptoms.ts';

const name = 'LANGFUSE_S3_EVENT_UPLOAD_FORCE_PATH_STYLE';

export const objectsPathStyleCheck = defineCheck({
  id: 'objects/path-style',
  area: 'objects',
  title: 'the bucket is addressed the way its server understands',
  why: 'Without path style the bucket becomes part of the host name (bucket.minio.namespace), which no cluster resolves: MinIO and SeaweedFS need FORCE_PATH_STYLE "true". The runbook\'s LANGFUSE_S3_FORCE_PATH_STYLE is read by no release.',
  severity: 'critical',
  uses: ['deployment/discovery', 'config/env'],
  sees: ['kube/logs'],
  appliesTo: { generations: [3, 4] },
  explains: ['objects/reachable', 'objects/bucket', 'objects/credentials', ...eventsStuck],
  evaluate: ({ facts, outcomes }) => {
    const store = facts['deployment/discovery'].stores.eventBucket;
    const web = facts['config/env'].find((env) => env.role === 'web');
    if (!store.configured || web === undefined)
      return { status: 'skipped', reason: 'not configured: the event bucket' };
    if (store.host === null)
      return store.why?.includes('forbidden') === true
        ? { status: 'unknown', reason: store.why }
        : { status: 'skipped', reason: store.why ?? 'AWS by region' };
    return store.pathStyle ? { status: 'ok' } : virtualHost(store, web, valueOf(outcomes['kube/logs']) ?? []);
  },
});

function virtualHost(store: ObjectsView, web: ComponentEnvView, logs: readonly LogView[]): Verdict {
  const bucket = store.database ?? '';
  const hit = logHits(logs, ['objects-host']).find(({ finding }) =>
    finding.subject?.startsWith(`${bucket}.`),
  );
  const inside = store.placement.kind === 'service' || /^\d+\.\d+\.\d+\.\d+$/.test(store.host ?? '');
  if (hit === undefined && !inside) return { status: 'ok', detail: 'virtual-host style' };
  return failing(
    `path style is off: Langfuse looks for host ${bucket}.${store.host ?? ''}`,
    [
      envEvidence(web, name, 'not "true"', '"true" for a server inside the cluster'),
      ...(hit === undefined ? [] : [logEvidence(hit.view, hit.finding, 'an upload')]),
    ],
    [setVariableFix(web, name, 'true')],
    { confidence: hit === undefined ? 0.9 : 1 },
  );
}
