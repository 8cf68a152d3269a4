import { defineCommand } from '../cli/command.ts';

export const configInitCommand = defineCommand({
  path: ['config', 'init'],
  summary: 'Write a deployment into the configuration file',
  when: 'Once per deployment: looks at the kubeconfig and the cluster, proposes what it finds, and asks the rest. Without a terminal each answer is a flag.',
  examples: [
    { line: 'lfctl config init', text: 'look, propose, ask' },
    { line: 'lfctl config init --yes', text: 'take what is found, where it is clear' },
    {
      line: 'lfctl config init --name web-only --url https://langfuse.example.com',
      text: 'a deployment that is reached by its URL alone',
    },
  ],
  options: {
    name: { type: 'string', placeholder: 'NAME', summary: 'name of the deployment in lfctl' },
    url: {
      type: 'string',
      placeholder: 'URL',
      summary: 'address of web, where the cluster is not to be asked',
    },
    litellmNamespace: { type: 'string', placeholder: 'NAME', summary: 'namespace of a LiteLLM proxy' },
    loadBalancerIdleSeconds: {
      type: 'integer',
      placeholder: 'SECONDS',
      minimum: 1,
      summary: 'idle timeout of the load balancer in front of web',
    },
    use: { type: 'boolean', summary: 'make it the current deployment; the first one always is' },
    force: { type: 'boolean', summary: 'replace a deployment of this name' },
    yes: { type: 'boolean', short: 'y', summary: 'take what is found instead of asking' },
  },
  exits: ['ok', 'usage', 'config', 'refused'],
  timeoutMs: null,
  takes: ['cluster', 'deployment'],
  readsConfig: false,
  run: async ({ options, settings, services, signal }) => {
    const { initConfig } = await import('../cli/config-init.ts');
    const data = await initConfig({ ...options, settings, services, signal });
    return {
      kind: 'ConfigChange',
      data,
      exit: 'ok',
      text: () =>
        `${data.deployment} is in ${data.file}${data.current === data.deployment ? ' as the current deployment' : ''}\nnext: lfctl doctor${data.current === data.deployment ? '' : ` -d ${data.deployment}`}\n`,
    };
  },
});
