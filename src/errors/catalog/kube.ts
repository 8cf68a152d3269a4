import { entries } from '../entry.ts';

export const kubeErrors = entries({
  KUBE_CONFIG: {
    exit: 'config',
    title: 'the kubeconfig cannot be used',
    meaning: 'It is missing, not valid, or names a context, cluster or user that it does not hold.',
    fixes: [{ text: 'see what it holds', command: 'kubectl config get-contexts' }],
  },
  KUBE_CONTEXT: {
    exit: 'usage',
    title: 'the kubeconfig has no context of the given name',
    meaning:
      'A flag, a variable or the configuration file names a context that no file of the kubeconfig holds.',
    fixes: [{ text: 'see what it holds', command: 'kubectl config get-contexts' }],
  },
  KUBE_UNREACHABLE: {
    exit: 'incomplete',
    title: 'the Kubernetes API does not answer',
    meaning: 'The connection was refused, reset, or its host is unknown.',
    fixes: [{ text: 'check the server of the context', command: 'kubectl cluster-info' }],
  },
  KUBE_TIMEOUT: {
    exit: 'incomplete',
    title: 'the Kubernetes API did not answer in time',
    meaning: 'A connection was made or attempted, and no answer came before the deadline.',
    fixes: [{ text: 'give it more time with --timeout' }],
  },
  KUBE_TLS: {
    exit: 'config',
    title: 'the Kubernetes API shows a certificate that is not trusted',
    meaning: 'The certificate authority of the kubeconfig does not match the server.',
    fixes: [{ text: 'set certificate-authority-data of the cluster in the kubeconfig' }],
  },
  KUBE_UNAUTHORIZED: {
    exit: 'config',
    title: 'the Kubernetes API does not know who is asking',
    meaning: 'The token is expired or wrong, or the login program of the kubeconfig failed.',
    fixes: [{ text: 'log in again', command: 'kubectl auth whoami' }],
  },
  KUBE_FORBIDDEN: {
    exit: 'incomplete',
    title: 'a right is missing in the cluster',
    meaning: 'The API refused a verb on a resource for this user.',
    fixes: [{ text: 'grant it; templates/rbac-doctor.yaml has all rights that doctor uses' }],
  },
  KUBE_NOT_FOUND: {
    exit: 'usage',
    title: 'the object does not exist in the cluster',
    meaning: 'The name, the namespace or the kind is not there.',
    fixes: [],
  },
  KUBE_CONFLICT: {
    exit: 'incomplete',
    title: 'the object was changed by somebody else at the same moment',
    meaning:
      'The Kubernetes API holds another version of the object than the one that was read, or one of that name exists.',
    fixes: [{ text: 'run the same line again' }],
  },
  KUBE_FORWARD: {
    exit: 'incomplete',
    title: 'a tunnel into the cluster could not be opened',
    meaning: 'The port-forward was refused: no ready pod behind the Service, or nothing listens on the port.',
    fixes: [],
  },
  KUBE_API: {
    exit: 'incomplete',
    title: 'the Kubernetes API answered with an error',
    meaning: 'The message holds what it said.',
    fixes: [],
  },
});
