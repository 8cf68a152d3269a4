import type { KubePort } from '../../ports/kube.ts';
import type { Deployment, Reason } from '../model.ts';
import { envText } from '../resolve-env.ts';
import type { Settings } from '../settings.ts';
import { chooseInstallation } from './choose.ts';
import type { Front } from './fronts.ts';
import { findFronts } from './fronts.ts';
import { eraOf } from './generation.ts';
import type { Installation } from './installations.ts';
import type { Inventory } from './inventory.ts';
import { openInventory } from './inventory.ts';
import { findLiteLlm } from './lite-llm.ts';
import { isTerminating } from './namespace.ts';
import { ownerOf } from './owner.ts';
import { componentReasons, confidenceOf, frontReasons, storeReasons, unseenReasons } from './reasons.ts';
import { findRoutes } from './routes.ts';
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
  const { namespace, release } = installation;
  const leading = leadingMember(installation);
  const members = inOrder(installation.members, leading);
  const { component: web } = leading;
  const { reasons: eraReasons, ...era } = eraOf(leading, members);
  const [stores, fronts, liteLlm, ending] = await Promise.all([
    deriveStores(inventory, web, era.generation),
    findWebFronts(inventory, installation, leading),
    findLiteLlm(inventory, settings.liteLlm.namespace?.value ?? null, namespace),
    isTerminating(inventory, namespace),
  ]);
  const { owner, reason: ownerReason } = ownerOf(leading.workload, web.workload.kind);
  const whole = [...installation.reasons, ...unseenReasons(inventory, namespace)];
  return {
    name: settings.deployment,
    namespace,
    release,
    ...era,
    imageVersion: web.imageVersion,
    components: members.map((member) => member.component),
    stores,
    publicUrl: envText(web.env, 'NEXTAUTH_URL'),
    webService: fronts.find((front) => front.of === leading)?.at ?? null,
    webServices: fronts.map((front) => front.at),
    routes: await findRoutes(inventory, fronts),
    owner,
    liteLlm,
    confidence: confidenceOf(members, whole),
    reasons: [
      ...componentReasons(members),
      ...whole,
      ...(ending ? [endingReason(namespace)] : []),
      ...eraReasons,
      ownerReason,
      ...storeReasons(stores, web.env),
      ...frontReasons(fronts, web.port),
    ],
    unknown: inventory.unknown(),
  };
}

type Member = Installation['members'][number];

/** Web speaks for the deployment; a group without web is spoken for by its first member. */
function leadingMember({ members }: Installation): Member {
  const web = members.filter((member) => member.component.role === 'web');
  const [best] = (web.length > 0 ? web : members).toSorted((left, right) => rank(left) - rank(right));
  if (best === undefined) throw new TypeError('an installation has at least one member');
  return best;
}

/** The leading one, the other webs, then workers. */
function inOrder(members: readonly Member[], leading: Member): readonly Member[] {
  const place = (member: Member): number =>
    member === leading ? 0 : member.component.role === 'web' ? 1 : 2;
  return members.toSorted((left, right) => place(left) - place(right));
}

/** One that runs before one that does not, a surer one before a guess, and last the one that is named for ingestion. */
function rank({ component, confidence }: Member): number {
  const state = component.readyReplicas > 0 ? 0 : component.desiredReplicas > 0 ? 1 : 2;
  const doubt = { certain: 0, likely: 1, guess: 2 }[confidence];
  return state * 100 + doubt * 10 + (/ingest/i.test(component.workload.name) ? 1 : 0);
}

/** The Services of each web, the leading one's first, each once. */
async function findWebFronts(
  inventory: Inventory,
  { members }: Installation,
  leading: Member,
): Promise<(Front & { readonly of: Member })[]> {
  const webs = members.filter(({ component }) => component.role === 'web' || component === leading.component);
  const ordered = [leading, ...webs.filter((one) => one !== leading)];
  const found = await Promise.all(
    ordered.map(async (of) => (await findFronts(inventory, of)).map((front) => ({ ...front, of }))),
  );
  const seen = new Set<string>();
  return found.flat().filter(({ at }) => !seen.has(at.name) && seen.add(at.name));
}

function endingReason(namespace: string): Reason {
  const finding = `namespace ${namespace} is being deleted`;
  return { about: 'installation', finding, confidence: 'certain', because: 'it has a deletionTimestamp' };
}
