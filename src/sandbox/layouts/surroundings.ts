import { join } from 'node:path';
import type { LayoutInput, LayoutObject, LayoutStage } from './layout.ts';
import { readManifests } from './manifests.ts';

/** What lies around an installation: whoever made it had these already. */
export interface Surroundings {
  /** Namespaces beside LiteLLM's. */
  readonly namespaces: readonly string[];
  readonly liteLlmNamespace: string;
  /** Where LiteLLM sends its traces to. */
  readonly langfuseUrl: string;
}

/** Namespaces and the disk class, and LiteLLM with its key pair. */
export interface Around {
  readonly before: readonly LayoutObject[];
  /**
   * Its key pair was made in the app, so it comes when the app has it: a call before that is remembered as one with a
   * wrong key for as long as it is repeated.
   */
  readonly liteLlm: LayoutStage;
}

/** Reads what lies around an installation. */
export async function surroundings(
  { templatesFolder, secrets, generation }: LayoutInput,
  { namespaces, liteLlmNamespace, langfuseUrl }: Surroundings,
): Promise<Around> {
  const file = (name: string): string => join(templatesFolder, 'shared', `${name}.yaml`);
  const before = await Promise.all([
    ...[...namespaces, liteLlmNamespace].map((name) => readManifests(file('namespace'), { NAMESPACE: name })),
    readManifests(file('storage-class'), {}),
  ]);
  const objects = await readManifests(file('litellm'), {
    ...secrets,
    LITELLM_NAMESPACE: liteLlmNamespace,
    LANGFUSE_URL: langfuseUrl,
    // Langfuse 4 refuses the JSON events of the older callback (events_only).
    LITELLM_CALLBACK: generation === 4 ? 'langfuse_otel' : 'langfuse',
  });
  return { before: before.flat(), liteLlm: { name: 'neighbours', after: 'seeded', objects } };
}

/** How the layouts call LiteLLM and its parts. */
export function liteLlmNames(namespace: string) {
  return { namespace, workload: 'litellm', configMap: 'litellm-config', secret: 'litellm-env' } as const;
}
