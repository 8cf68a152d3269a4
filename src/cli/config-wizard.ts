/** Finds out, by flags, by looking and by asking, what a deployment in the configuration file needs. */
import { kubeContexts } from '../deployment/config/kubeconfig.ts';
import type { ConfigDeployment } from '../deployment/config/schema.ts';
import { findComponents } from '../deployment/discovery/components.ts';
import { groupInstallations } from '../deployment/discovery/installations.ts';
import { openInventory } from '../deployment/discovery/inventory.ts';
import type { Settings, Sourced } from '../deployment/settings.ts';
import type { Asker, Services } from './services.ts';
import { usage } from './values.ts';

/** What was said by flags or environment; the rest is looked up and asked. */
export interface WizardInput {
  readonly settings: Settings;
  readonly services: Services;
  readonly signal: AbortSignal;
  readonly name: string | undefined;
  readonly url: string | undefined;
  readonly litellmNamespace: string | undefined;
  readonly loadBalancerIdleSeconds: number | undefined;
  /** Take what is found without asking, where there is only one. */
  readonly yes: boolean;
  /** Names that the file has already. */
  readonly taken: readonly string[];
}

/** The answers. */
export interface WizardAnswers {
  readonly name: string;
  readonly deployment: ConfigDeployment;
}

/** @throws LfctlError USAGE naming the flags that are missing, when nobody can be asked */
export async function askForDeployment(input: WizardInput): Promise<WizardAnswers> {
  const asker = input.yes ? undefined : input.services.ask;
  const kubernetes = await kubernetesFor(input, asker);
  const name = await nameFor(input, asker, kubernetes);
  return {
    name,
    deployment: {
      ...(kubernetes === null ? {} : { kubernetes }),
      ...(input.url === undefined ? {} : { url: input.url }),
      ...(input.litellmNamespace === undefined ? {} : { litellm: { namespace: input.litellmNamespace } }),
      ...(input.loadBalancerIdleSeconds === undefined
        ? {}
        : { ingress: { loadBalancerIdleSeconds: input.loadBalancerIdleSeconds } }),
    },
  };
}

type Kubernetes = NonNullable<ConfigDeployment['kubernetes']>;

/** Null for a deployment that is reached by its URL alone. */
async function kubernetesFor(input: WizardInput, asker: Asker | undefined): Promise<Kubernetes | null> {
  const { kubeconfig, namespace, release } = input.settings.kubernetes;
  const named = Object.values(input.settings.kubernetes).some(
    (value) => typeof value === 'object' && value !== null,
  );
  if (input.url !== undefined && !named && asker === undefined) return null;
  const context = await contextFor(input, asker);
  if (context === null) return null;
  const place =
    namespace === null
      ? await placeFor(input, context, asker)
      : { namespace: namespace.value, release: release?.value ?? null };
  return {
    ...valueOf('kubeconfig', kubeconfig),
    context,
    namespace: place.namespace,
    ...(place.release === null ? {} : { release: place.release }),
  };
}

const valueOf = <Name extends string>(
  name: Name,
  setting: Sourced<string> | null,
): Partial<Record<Name, string>> =>
  setting === null ? {} : ({ [name]: setting.value } as Partial<Record<Name, string>>);

async function contextFor(input: WizardInput, asker: Asker | undefined): Promise<string | null> {
  const given = input.settings.kubernetes.context;
  if (given !== null) return given.value;
  const { env, homeFolder } = input.services;
  const kubeconfig = input.settings.kubernetes.kubeconfig?.value ?? null;
  const contexts = await kubeContexts({ kubeconfig, env, homeFolder: homeFolder ?? null });
  const current = contexts.find((context) => context.current)?.name;
  const only = contexts.length === 1 ? contexts[0]?.name : undefined;
  if (input.yes && (only ?? current) !== undefined) return only ?? current ?? null;
  if (asker === undefined)
    throw missing(
      '--context',
      contexts.map((context) => context.name),
      'or --url for a deployment without a cluster',
    );
  if (contexts.length === 0)
    throw usage('no kubeconfig context was found', 'give --kubeconfig FILE, or --url URL');
  const choices = contexts.map(({ name, current: isCurrent }) => ({
    value: name,
    name: isCurrent ? `${name} (current)` : name,
  }));
  return await asker.select('Kubernetes context', choices, current);
}

/** The error names the flag and what it could be. */
const missing = (flag: string, known: readonly string[], otherwise: string): Error =>
  usage(
    `${flag} is needed: there is no terminal to ask on`,
    known.length === 0 ? otherwise : `one of ${known.join(', ')}; ${otherwise}`,
  );

interface Place {
  readonly namespace: string;
  readonly release: string | null;
}

async function placeFor(input: WizardInput, context: string, asker: Asker | undefined): Promise<Place> {
  const places = await lookForPlaces(input, context);
  const [only] = places;
  if (input.yes && places.length === 1 && only !== undefined) return only;
  if (asker === undefined)
    throw missing(
      '--namespace',
      places.map((place) => place.namespace),
      'the namespace of Langfuse',
    );
  if (places.length === 0) {
    const namespace = await asker.input('Namespace of Langfuse', 'langfuse', notEmpty);
    return { namespace, release: null };
  }
  const choices = places.map((place, index) => ({
    value: String(index),
    name: `${place.namespace}${place.release === null ? '' : ` (release ${place.release})`}`,
  }));
  const chosen = await asker.select('Langfuse was found in', choices);
  return places[Number(chosen)] ?? { namespace: '', release: null };
}

const notEmpty = (answer: string): string | null => (answer.trim() === '' ? 'a name is needed' : null);

/** Namespaces with a Langfuse in them. A cluster that does not answer costs a note, not the wizard. */
async function lookForPlaces({ settings, services, signal }: WizardInput, context: string): Promise<Place[]> {
  const { terminal, env } = services;
  terminal.progress(`looking for Langfuse in ${context} …`);
  const kubeconfig = settings.kubernetes.kubeconfig?.value;
  try {
    const kube = await services.openKube({
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      context,
      requestTimeoutMs: 10_000,
      signal,
      env,
    });
    try {
      const found = groupInstallations(await findComponents(openInventory(kube), null));
      return found.map(({ namespace, release }) => ({ namespace, release }));
    } finally {
      kube.close();
    }
  } catch (error) {
    if (signal.aborted) throw error;
    terminal.note(
      `could not look into ${context}: ${error instanceof Error ? error.message : String(error)}`,
    );
    return [];
  }
}

async function nameFor(
  input: WizardInput,
  asker: Asker | undefined,
  kubernetes: Kubernetes | null,
): Promise<string> {
  if (input.name !== undefined) return input.name;
  const proposal = kubernetes?.release ?? kubernetes?.namespace ?? 'langfuse';
  if (input.yes) return proposal;
  if (asker === undefined) throw missing('--name', [], `such as --name ${proposal}`);
  return await asker.input('Name of this deployment in lfctl', proposal, (answer) =>
    input.taken.includes(answer) ? 'the file has a deployment of this name' : notEmpty(answer),
  );
}
