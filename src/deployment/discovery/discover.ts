import type { KubePort } from '../../ports/kube.ts';
import { generationOf } from '../image.ts';
import type { Component, Deployment, Generation, Mode } from '../model.ts';
import { envText } from '../resolve-env.ts';
import type { Settings } from '../settings.ts';
import { chooseInstallation } from './choose.ts';
import type { Installation } from './installations.ts';
import type { Inventory } from './inventory.ts';
import { openInventory } from './inventory.ts';
import { findLiteLlm } from './lite-llm.ts';
import { ownerOf } from './owner.ts';
import { findRoutes, findWebService } from './routes.ts';
import { deriveStores } from './stores.ts';

/**
 * Finds the deployment in the cluster: by image, command, variable names, probes and labels, never by object names.
 * @throws LfctlError DEPLOYMENT_NOT_FOUND, DEPLOYMENT_NAME, DEPLOYMENT_AMBIGUOUS, KUBE_*
 */
export async function discover(kube: KubePort, settings: Settings): Promise<Deployment> {
  const inventory = openInventory(kube);
  const installation = await chooseInstallation(kube, inventory, settings);
  return await describe(inventory, installation, settings);
}

async function describe(
  inventory: Inventory,
  installation: Installation,
  settings: Settings,
): Promise<Deployment> {
  const components = installation.members.map((member) => member.component);
  const leading = leadingMember(installation);
  const { component: web } = leading;
  const labels = leading.workload.spec.template.metadata?.labels ?? {};
  const [stores, webService, liteLlm] = await Promise.all([
    deriveStores(inventory, web),
    findWebService(inventory, web, labels),
    findLiteLlm(inventory, settings.liteLlm.namespace?.value ?? null, installation.namespace),
  ]);
  const generation = generationOf(web.imageVersion) ?? guessGeneration(components);
  return {
    name: settings.deployment,
    namespace: installation.namespace,
    release: installation.release,
    generation,
    imageVersion: web.imageVersion,
    mode: modeOf(generation, web),
    components,
    stores,
    publicUrl: envText(web.env, 'NEXTAUTH_URL'),
    webService,
    routes: await findRoutes(inventory, webService),
    owner: ownerOf(leading.workload),
    liteLlm,
    confidence: Math.min(1, leading.score / 20),
    reasons: web.evidence,
    unknown: inventory.unknown(),
  };
}

/** Web speaks for the deployment; a group without web is spoken for by its first member. */
function leadingMember(installation: Installation): Installation['members'][number] {
  const web = installation.members.filter((member) => member.component.role === 'web');
  const [best] = (web.length > 0 ? web : installation.members).toSorted(
    (left, right) => right.score - left.score,
  );
  if (best === undefined) throw new TypeError('an installation has at least one member');
  return best;
}

/** Digest-only images: a worker or ClickHouse variables rule out 2; 3 and 4 cannot be told apart here. */
function guessGeneration(components: readonly Component[]): Generation | null {
  const beyondTwo = components.some(
    (one) => one.role === 'worker' || one.env.variables.has('CLICKHOUSE_URL'),
  );
  const complete = components.every((one) => one.env.unreadable.length === 0);
  return !beyondTwo && complete ? 2 : null;
}

/** https://langfuse.com/self-hosting/upgrade/upgrade-guides/upgrade-v3-to-v4 */
function modeOf(generation: Generation | null, web: Component): Mode | null {
  switch (generation) {
    case 2:
      return 'postgres';
    case 3:
      return 'clickhouse';
    case 4: {
      const text = envText(web.env, 'LANGFUSE_MIGRATION_V4_WRITE_MODE') ?? 'events_only';
      return text === 'legacy' || text === 'dual' || text === 'events_only' ? text : null;
    }
    case null:
      return null;
  }
}
