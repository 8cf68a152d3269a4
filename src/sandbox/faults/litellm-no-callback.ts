import type { ConfigMap } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { readyAll, restartAll } from './_places.ts';

export const litellmNoCallbackFault = defineFault({
  name: 'litellm-no-callback',
  area: 'clients',
  summary: 'success_callback of LiteLLM does not name langfuse: no call is traced',
  firstVerdict: 'litellm/callbacks',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    const { namespace, configMap } = context.names.liteLlm;
    const found = await context.kube.get<ConfigMap>(resources.configMaps, namespace, configMap);
    const text = found?.data?.['config.yaml'] ?? '';
    if (context.memory.get('config') === undefined) context.memory.set('config', text);
    const changed = text.replace(/success_callback: .*/, 'success_callback: []');
    await context.kube.patch(resources.configMaps, namespace, configMap, {
      data: { 'config.yaml': changed },
    });
    await restartAll(context, ['litellm']);
  },
  mend: async (context) => {
    const { namespace, configMap } = context.names.liteLlm;
    const text = context.memory.get('config');
    if (typeof text === 'string')
      await context.kube.patch(resources.configMaps, namespace, configMap, { data: { 'config.yaml': text } });
    await restartAll(context, ['litellm']);
    await readyAll(context, ['litellm']);
  },
});
