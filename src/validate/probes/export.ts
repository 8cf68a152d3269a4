import type { Deployment } from '../../deployment/model.ts';
import { clientEndpoint } from '../../deployment/targets/client-endpoint.ts';
import { reachOf } from '../../deployment/targets/reach.ts';
import { withKey } from '../../doctor/facts/objects/_bucket.ts';
import { LfctlError } from '../../errors/error.ts';
import type { ObjectsTarget } from '../../ports/objects.ts';
import { exportsInUse, useText } from './in-use.ts';
import type { Finding, Probe, ProbeContext } from './probe.ts';
import { skipped } from './probe.ts';

/** Asks for the bucket at the address that links of exports name; nothing is written. */
export const exportProbe: Probe = {
  id: 'export',
  look: async (context) => {
    const { deployment, era } = context.run;
    if (deployment === null) return skipped('no cluster is configured');
    const store = deployment.stores.exportBucket;
    if (store === null) return skipped('not enabled');
    if (store.provider !== 's3') return skipped(store.why ?? 'not supported yet');
    if (store.target === null)
      return { status: 'unknown', detail: store.why ?? 'its address is not known', from: null };
    const given = clientEndpoint(envOf(deployment), 'BATCH_EXPORT', era.generation);
    return await askAt(context, store.target, given?.url ?? store.target.endpoint, given?.variable ?? '');
  },
};

/** Exports are made by the worker, in Langfuse 2 by web. */
function envOf({ components }: Deployment): Deployment['components'][number]['env'] {
  const one = components.find(({ role }) => role === 'worker') ?? components[0];
  return one?.env ?? { variables: new Map(), unreadable: [] };
}

async function askAt(
  context: ProbeContext,
  target: ObjectsTarget,
  endpoint: string | null,
  variable: string,
): Promise<Finding> {
  const { run } = context;
  if (endpoint !== null && !URL.canParse(endpoint))
    return { status: 'fail', detail: `${variable} is no URL`, from: null };
  const host = endpoint === null ? null : new URL(endpoint).hostname;
  // What discovery knows of is the endpoint for pods.
  const own = endpoint === target.endpoint ? run.deployment?.stores.exportBucket?.placement : undefined;
  const reach = reachOf(host, own ?? { kind: 'external' });
  if (host !== null && reach === 'inside') return await inside(context, host, variable);
  const place = host ?? `AWS in ${target.region}`;
  const failure = await headBucket(context, { ...target, endpoint });
  if (failure === null)
    return { status: 'ok', detail: `links to ${place} lead to bucket ${target.bucket}`, from: run.view };
  return { status: isWrong(failure) ? 'fail' : 'unknown', detail: failure.message, from: run.view };
}

async function inside({ run }: ProbeContext, host: string, variable: string): Promise<Finding> {
  const used = await exportsInUse(run.stations.postgres);
  return {
    status: 'fail',
    detail: `links to exports name ${host}, which only pods know; set ${variable} to an address that browsers reach; ${useText(used, 'exports')}`,
    from: run.view,
    decides: used === true,
  };
}

/** Null when it answers as a browser's signed request would be. */
async function headBucket(context: ProbeContext, target: ObjectsTarget): Promise<LfctlError | null> {
  try {
    const client = await context.run.options.openers.openObjects(withKey(target), context.here);
    try {
      await client.headBucket();
      return null;
    } finally {
      client.close();
    }
  } catch (error) {
    if (error instanceof LfctlError) return error;
    throw error;
  }
}

/** The answer of a server, against a link; that there is no way from here says nothing of browsers. */
const isWrong = ({ code }: LfctlError): boolean =>
  code === 'OBJECTS_AUTH' || code === 'OBJECTS_BUCKET' || code === 'OBJECTS_ANSWER';
