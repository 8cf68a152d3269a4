import { LfctlError } from '../errors/error.ts';
import type { KubePort, OpenKube } from '../ports/kube.ts';

/** Says of each call to the Kubernetes API what was asked, how it ended and how long it took: the log of --debug. */
export function loggedKube(open: OpenKube, debug: (text: string) => void): OpenKube {
  return async (access) => {
    const kube = await open(access);
    debug(`kube ${kube.context.name} at ${kube.context.server}`);
    return logged(kube, debug);
  };
}

function logged(kube: KubePort, debug: (text: string) => void): KubePort {
  const timed = async <Answer>(what: string, call: Promise<Answer>): Promise<Answer> => {
    const startedMs = performance.now();
    const say = (outcome: string): void => {
      debug(`kube ${what}: ${outcome}, ${String(Math.round(performance.now() - startedMs))} ms`);
    };
    try {
      const answer = await call;
      say(Array.isArray(answer) ? `${String(answer.length)} objects` : answer === null ? 'not there' : 'ok');
      return answer;
    } catch (error) {
      say(error instanceof LfctlError ? error.code : 'failed');
      throw error;
    }
  };
  return {
    ...kube,
    version: async () => await timed('version', kube.version()),
    list: async (resource, options) =>
      await timed(
        `list ${resource.plural} in ${options?.namespace ?? 'all namespaces'}`,
        kube.list(resource, options),
      ),
    get: async (resource, namespace, name) =>
      await timed(`get ${resource.plural} ${namespace ?? ''}/${name}`, kube.get(resource, namespace, name)),
    create: async (resource, namespace, object) =>
      await timed(
        `create ${resource.plural} ${namespace}/${object.metadata.name}`,
        kube.create(resource, namespace, object),
      ),
    replace: async (resource, namespace, object) =>
      await timed(
        `update ${resource.plural} ${namespace}/${object.metadata.name}`,
        kube.replace(resource, namespace, object),
      ),
    patch: async (resource, namespace, name, patch) =>
      await timed(
        `patch ${resource.plural} ${namespace}/${name}`,
        kube.patch(resource, namespace, name, patch),
      ),
    remove: async (resource, namespace, name, preconditions) =>
      await timed(
        `delete ${resource.plural} ${namespace}/${name}`,
        kube.remove(resource, namespace, name, preconditions),
      ),
    logs: async (options) =>
      await timed(`logs ${options.namespace}/${options.pod}/${options.container}`, kube.logs(options)),
    can: async (question) => await timed(`can ${question.verb} ${question.resource}`, kube.can(question)),
    forward: async (namespace, pod, port, signal) =>
      await timed(`forward ${namespace}/${pod}:${String(port)}`, kube.forward(namespace, pod, port, signal)),
    exec: async (namespace, pod, container, command, signal) =>
      await timed(
        `exec ${namespace}/${pod}/${container}`,
        kube.exec(namespace, pod, container, command, signal),
      ),
  };
}
