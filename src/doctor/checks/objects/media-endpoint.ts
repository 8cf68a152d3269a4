import { reachOf } from '../../../deployment/targets/reach.ts';
import type { ComponentEnvView, DeploymentView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
import type { MediaUseView } from '../../facts/postgres/media.ts';
import { envEvidence, failing, manual, psqlCommand, setVariableFix } from '../../wording.ts';

const name = 'LANGFUSE_S3_MEDIA_UPLOAD_ENDPOINT';

export const objectsMediaEndpointCheck = defineCheck({
  id: 'objects/media-endpoint',
  area: 'objects',
  title: 'links to media lead where browsers and SDKs outside the cluster can follow',
  why: 'Images and files of traces do not go through Langfuse: browsers and SDKs get links to the bucket, made with LANGFUSE_S3_MEDIA_UPLOAD_ENDPOINT itself, and there is no second variable for outside. With a name of the cluster uploads from outside and all previews fail. It is no finding before somebody uses media.',
  severity: 'warning',
  uses: ['deployment/discovery', 'config/env'],
  sees: ['postgres/media'],
  explains: [],
  evaluate: ({ facts, outcomes }) => {
    const deployment = facts['deployment/discovery'];
    const store = deployment.stores.mediaBucket;
    const web = facts['config/env'].find(({ role }) => role === 'web');
    if (store === null || web === undefined)
      return { status: 'skipped', reason: 'not configured: the bucket for media' };
    if (store.why?.includes('forbidden') === true) return { status: 'unknown', reason: store.why };
    switch (reachOf(store.host, store.placement)) {
      case 'outside':
        return { status: 'ok', detail: store.host ?? 'AWS by region' };
      case 'unknown':
        return { status: 'unknown', reason: `where ${store.host ?? 'the endpoint'} leads is not known` };
      case 'inside':
        return judgeUse(deployment, web, store.host ?? '', outcomes['postgres/media']);
    }
  },
});

/** The endpoint of many an installation, and nobody's trouble until media are used. */
function judgeUse(
  deployment: DeploymentView,
  web: ComponentEnvView,
  host: string,
  use: Outcome<MediaUseView>,
): Verdict {
  if (use.status !== 'known')
    return {
      status: 'unknown',
      reason: `media links lead to ${host}, inside the cluster; whether media are used: ${use.reason}`,
      blockers: ['postgres/reachable', 'postgres/auth'],
    };
  if (use.value.registered > 0) return outOfReach(deployment, web, host, use.value);
  return {
    status: 'skipped',
    reason: `nobody uses media yet; their links would lead to ${host}, inside the cluster`,
  };
}

function outOfReach(
  deployment: DeploymentView,
  web: ComponentEnvView,
  host: string,
  { registered, unfinished }: MediaUseView,
): Verdict {
  const count = registered === 1000 ? 'at least 1000' : String(registered);
  return failing(
    `media links lead to ${host}, which only pods can resolve: ${count} media in 30 days, ${unfinished} never uploaded`,
    [
      envEvidence(web, name, host, 'a host that browsers resolve'),
      {
        source: 'postgres',
        again: psqlCommand(
          { status: 'known', value: deployment, ms: 0 },
          'select count(*), count(upload_http_status) from media',
        ),
        observed: `${count} registered, ${unfinished} never uploaded`,
        expected: 'uploads that finish',
      },
    ],
    [
      manual(
        'lead a public host to the object store (an Ingress, CORS for PUT and GET from the address of Langfuse)',
      ),
      setVariableFix(web, name, 'https://<public host>'),
    ],
  );
}
