import { isClusterName, reachOf } from '../../../deployment/targets/reach.ts';
import type { ComponentEnvView, DeploymentView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
import type { ExportUseView } from '../../facts/postgres/exports.ts';
import { hiddenVariable } from '../../hidden.ts';
import { envEvidence, failing, manual, psqlCommand, setVariableFix, variableOf } from '../../wording.ts';

const inner = 'LANGFUSE_S3_BATCH_EXPORT_ENDPOINT';
const outer = 'LANGFUSE_S3_BATCH_EXPORT_EXTERNAL_ENDPOINT';

export const objectsExportEndpointCheck = defineCheck({
  id: 'objects/export-endpoint',
  area: 'objects',
  title: 'links to exports lead where browsers can follow',
  why: 'The worker writes an export to the bucket and signs a link to it, with LANGFUSE_S3_BATCH_EXPORT_EXTERNAL_ENDPOINT (3.43.0 and later) or else with the endpoint that it writes to. A link with a name of the cluster is mailed, shown, and opens for nobody. It is no finding before somebody asks for an export.',
  severity: 'warning',
  uses: ['deployment/discovery', 'config/env'],
  sees: ['postgres/exports'],
  appliesTo: { generations: [3, 4] },
  explains: [],
  evaluate: ({ facts, outcomes }) => {
    const deployment = facts['deployment/discovery'];
    const store = deployment.stores.exportBucket;
    const signer = signerOf(facts['config/env']);
    if (store === null || signer === undefined)
      return { status: 'skipped', reason: 'not configured: the bucket for exports' };
    const hidden = store.why?.includes('forbidden') === true ? store.why : hiddenVariable(signer, outer);
    if (hidden !== null) return { status: 'unknown', reason: hidden };
    const external = hostOf(variableOf(signer, outer)?.value ?? null);
    const host = external ?? store.host;
    const reach = external === null ? reachOf(host, store.placement) : reachByName(external);
    if (reach === 'outside') return { status: 'ok', detail: host ?? 'AWS by region' };
    if (reach === 'unknown')
      return { status: 'unknown', reason: `where ${host ?? 'the endpoint'} leads is not known` };
    const variable = external === null ? inner : outer;
    return judgeUse({ deployment, signer, host: host ?? '', variable }, outcomes['postgres/exports']);
  },
});

/** The worker signs; its variables may differ from web's. */
const signerOf = (env: readonly ComponentEnvView[]): ComponentEnvView | undefined =>
  env.find(({ role }) => role === 'worker') ?? env.find(({ role }) => role === 'web');

const reachByName = (host: string): 'inside' | 'outside' => (isClusterName(host) ? 'inside' : 'outside');

/** Without a scheme Langfuse takes it for a host name. */
function hostOf(endpoint: string | null): string | null {
  if (endpoint === null || endpoint === '') return null;
  return URL.canParse(endpoint) ? new URL(endpoint).hostname : (endpoint.split(/[:/]/)[0] ?? null);
}

interface Inner {
  readonly deployment: DeploymentView;
  readonly signer: ComponentEnvView;
  readonly host: string;
  readonly variable: string;
}

/** The official chart's own default, and nobody's trouble until somebody exports. */
function judgeUse(about: Inner, use: Outcome<ExportUseView>): Verdict {
  if (use.status !== 'known')
    return {
      status: 'unknown',
      reason: `links to exports lead to ${about.host}, inside the cluster; whether there are exports: ${use.reason}`,
      blockers: ['postgres/reachable', 'postgres/auth'],
    };
  if (use.value.made > 0) return outOfReach(about, use.value);
  return {
    status: 'skipped',
    reason: `nobody has asked for an export yet; its link would lead to ${about.host}, inside the cluster`,
  };
}

function outOfReach({ deployment, signer, host, variable }: Inner, { made, hosts }: ExportUseView): Verdict {
  const count = made === 1000 ? 'at least 1000' : String(made);
  return failing(
    `links to exports lead to ${host}, which only pods can resolve: ${count} exports were asked for in 30 days`,
    [
      envEvidence(signer, variable, host, 'a host that browsers resolve'),
      {
        source: 'postgres',
        again: psqlCommand(
          { status: 'known', value: deployment, ms: 0 },
          "select status, count(*), substring(url from '^https?://[^/]+') from batch_exports group by 1, 3",
        ),
        observed: `${count} exports, with links to ${hosts.join(', ') || 'no host yet'}`,
        expected: 'links to a host that browsers resolve',
      },
    ],
    [
      manual('lead a public host to the object store (an Ingress or a LoadBalancer Service)'),
      setVariableFix(signer, outer, 'https://<public host>'),
    ],
  );
}
