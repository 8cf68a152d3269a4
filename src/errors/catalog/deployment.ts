import { entries } from '../entry.ts';

export const deploymentErrors = entries({
  DEPLOYMENT_NOT_FOUND: {
    exit: 'config',
    title: 'no Langfuse deployment was found',
    meaning: 'No workload in the places that were looked at runs a Langfuse container.',
    fixes: [{ text: 'name the place with --context and --namespace' }],
  },
  DEPLOYMENT_NAME: {
    exit: 'usage',
    title: 'the given namespace or release does not exist',
    meaning:
      'A flag, a variable or the configuration file names a place, and the cluster has none of that name.',
    fixes: [{ text: 'see which are there', command: 'helm list --all-namespaces' }],
  },
  DEPLOYMENT_AMBIGUOUS: {
    exit: 'usage',
    title: 'more than one Langfuse deployment was found',
    meaning: 'lfctl works on one deployment at a time and does not guess.',
    fixes: [{ text: 'choose one with --namespace and --release' }],
  },
  NOT_CONFIGURED: {
    exit: 'config',
    title: 'no way to the deployment is configured',
    meaning: 'Neither a cluster nor a URL is given for what the command needs.',
    fixes: [{ text: 'let lfctl look at the kubeconfig', command: 'lfctl config init' }],
  },
});
