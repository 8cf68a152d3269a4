import { join } from 'node:path';
import type { LayoutInput, LayoutObject } from './layout.ts';
import { readManifests } from './manifests.ts';

/** What lies around an installation: whoever made it had these already. */
export interface Surroundings {
  /** Namespaces beside LiteLLM's. */
  readonly namespaces: readonly string[];
  readonly liteLlmNamespace: string;
  /** Where LiteLLM sends its traces to. */
  readonly langfuseUrl: string;
}

/** Namespaces, the disk class and LiteLLM with its key pair. */
export async function surroundings(
  { templatesFolder, secrets, generation }: LayoutInput,
  { namespaces, liteLlmNamespace, langfuseUrl }: Surroundings,
): Promise<LayoutObject[]> {
  const file = (name: string): string => join(templatesFolder, 'shared', `${name}.yaml`);
  const all = await Promise.all([
    ...[...namespaces, liteLlmNamespace].map((name) => readManifests(file('namespace'), { NAMESPACE: name })),
    readManifests(file('storage-class'), {}),
    readManifests(file('litellm'), {
      ...secrets,
      LITELLM_NAMESPACE: liteLlmNamespace,
      LANGFUSE_URL: langfuseUrl,
      // Langfuse 4 refuses the JSON events of the older callback (events_only).
      LITELLM_CALLBACK: generation === 4 ? 'langfuse_otel' : 'langfuse',
    }),
  ]);
  return all.flat();
}

/** How the layouts call LiteLLM and its parts. */
export function liteLlmNames(namespace: string) {
  return { namespace, workload: 'litellm', configMap: 'litellm-config', secret: 'litellm-env' } as const;
}
