import type { ConfigMap } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { FaultContext } from '../fault.ts';
import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { readyAll, restartAll } from './_places.ts';
import { untilLog } from './_waits.ts';

export const v4RefusesOldSdkFault = defineFault({
  name: 'v4-refuses-old-sdk',
  area: 'clients',
  summary: 'LiteLLM sends by its old callback: Langfuse 4 answers 207 and stores nothing',
  firstVerdict: 'ingestion/refused',
  expects: 'findings',
  losesAt: 'http',
  ...everywhere,
  generations: [4],
  break: async (context) => {
    const { namespace, configMap } = context.names.liteLlm;
    const found = await context.kube.get<ConfigMap>(resources.configMaps, namespace, configMap);
    const text = found?.data?.['config.yaml'] ?? '';
    if (context.memory.get('config') === undefined) context.memory.set('config', text);
    await writeConfig(context, text.replaceAll('langfuse_otel', 'langfuse'));
    // Its first call at the start is traced, and refused.
    await untilLog(context, 'web', /Rejected \d+ event\(s\) from the legacy/);
  },
  mend: async (context) => {
    const text = context.memory.get('config');
    if (typeof text === 'string') await writeConfig(context, text);
  },
});

async function writeConfig(context: FaultContext, text: string): Promise<void> {
  const { namespace, configMap } = context.names.liteLlm;
  await context.kube.patch(resources.configMaps, namespace, configMap, { data: { 'config.yaml': text } });
  await restartAll(context, ['litellm']);
  await readyAll(context, ['litellm']);
}
