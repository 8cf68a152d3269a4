import { LfctlError } from '../../errors/error.ts';
import type { KubeObject } from '../../ports/kube-objects.ts';
import type { KubePort } from '../../ports/kube.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { Settings } from '../settings.ts';
import { findComponents } from './components.ts';
import type { Installation } from './installations.ts';
import { groupInstallations, installationName, isCalled } from './installations.ts';
import type { Inventory } from './inventory.ts';
import { isTerminating } from './namespace.ts';

/**
 * Finds the one installation that is meant. With a namespace given only that is looked at; else the context's own
 * namespace wins, then the only one in the cluster.
 * @throws LfctlError DEPLOYMENT_NOT_FOUND, DEPLOYMENT_NAME, DEPLOYMENT_AMBIGUOUS
 */
export async function chooseInstallation(
  kube: KubePort,
  inventory: Inventory,
  settings: Settings,
): Promise<Installation> {
  const given = settings.kubernetes.namespace?.value ?? null;
  const release = settings.kubernetes.release?.value ?? null;
  const places = given === null ? [kube.context.namespace, null] : [given];
  let seen: readonly Installation[] = [];
  for (const place of places) {
    const all = groupInstallations(await findComponents(inventory, place));
    const wanted = await likeliest(
      inventory,
      all.filter((one) => release === null || isCalled(one, release)),
    );
    if (wanted.length === 1 && wanted[0] !== undefined) return wanted[0];
    if (wanted.length > 1) throw ambiguous(wanted);
    seen = all.length > 0 ? all : seen;
  }
  if (release !== null && seen.length > 0) throw wrongRelease(release, seen);
  throw await notFound(kube, inventory, given);
}

/** Where several match: not one whose namespace is being deleted, and no guess beside a surer one. */
async function likeliest(
  inventory: Inventory,
  all: readonly Installation[],
): Promise<readonly Installation[]> {
  if (all.length < 2) return all;
  const ends = await Promise.all(all.map(async (one) => await isTerminating(inventory, one.namespace)));
  const staying = all.filter((_, index) => ends[index] !== true);
  const left = staying.length === 0 ? all : staying;
  const sure = left.filter((one) => one.members.some((member) => member.confidence !== 'guess'));
  return sure.length === 0 ? left : sure;
}

function ambiguous(candidates: readonly Installation[]): LfctlError {
  const lines = candidates.map((one) => {
    const names = one.members.map(
      (member) => `${member.component.workload.name} (${member.component.image})`,
    );
    return `namespace ${one.namespace}, release ${one.release ?? 'none'}: ${names.join(', ')}`;
  });
  return new LfctlError('DEPLOYMENT_AMBIGUOUS', {
    message: `${candidates.length} Langfuse deployments match:\n  ${lines.join('\n  ')}`,
    fixes: candidates.map((one, index) => ({
      text: index === 0 ? 'name one of them' : 'or',
      command: `lfctl status --namespace ${one.namespace}${alone(one, candidates) ? '' : ` --release ${installationName(one)}`}`,
    })),
  });
}

/** True when its namespace names it well enough. */
function alone(one: Installation, candidates: readonly Installation[]): boolean {
  return candidates.every((other) => other === one || other.namespace !== one.namespace);
}

function wrongRelease(release: string, all: readonly Installation[]): LfctlError {
  const known = all.map(installationName).join(', ');
  return new LfctlError('DEPLOYMENT_NAME', {
    message: `no Langfuse deployment of release ${release}; releases found: ${known}`,
    fixes: [{ text: `use --release with one of: ${known}` }],
  });
}

async function notFound(kube: KubePort, inventory: Inventory, given: string | null): Promise<LfctlError> {
  if (given !== null && (await inventory.get<KubeObject>(resources.namespaces, null, given)) === null)
    return new LfctlError('DEPLOYMENT_NAME', {
      message: `namespace ${given} does not exist in the cluster of context ${kube.context.name}`,
      fixes: [{ text: 'list the namespaces', command: 'kubectl get namespaces' }],
    });
  const where =
    given === null ? `namespace ${kube.context.namespace} and the rest of the cluster` : `namespace ${given}`;
  const looked = `looked at Deployments, StatefulSets and DaemonSets in ${where} of context ${kube.context.name}`;
  const missing = inventory.unknown();
  const rights = missing.length === 0 ? '' : `; not readable: ${missing.join('; ')}`;
  // What may not be listed may be there: then it is a right that lacks, not a deployment.
  const blind = missing.some((text) => / list (deployments|statefulsets|daemonsets)\./.test(text));
  return new LfctlError(blind ? 'KUBE_FORBIDDEN' : 'DEPLOYMENT_NOT_FOUND', {
    message: `no Langfuse deployment found: ${looked}${rights}`,
  });
}
