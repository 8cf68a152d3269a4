import { runTool } from '../../exec/run.ts';
import type { ToolContext } from '../../exec/tool.ts';
import type { ContainerScope } from './container-scope.ts';
import { environmentOf } from './container-start.ts';
import type { ProbeTarget } from './probe-checks.ts';

/** Exec probes run in the kubelet: a process each second and pod would cost more than what they watch. */
export function probeExec(scope: ContainerScope): ProbeTarget['exec'] {
  return async (command, timeoutMs) => {
    let output = '';
    const collect = (text: string): void => void (output += text);
    const stopping = AbortSignal.timeout(timeoutMs);
    const timeout = new Promise<number>((resolve) => {
      stopping.addEventListener('abort', () => resolve(124), { once: true });
    });
    const run = runTool(command, toolContext(scope, collect, stopping));
    const failed = run.catch((error: unknown) => {
      collect(error instanceof Error ? error.message : String(error));
      return 1;
    });
    return { code: await Promise.race([failed, timeout]), output };
  };
}

function toolContext(
  scope: ContainerScope,
  collect: (text: string) => void,
  stopping: AbortSignal,
): ToolContext {
  const { name, namespace = 'default' } = scope.pod.metadata;
  return {
    env: environmentOf(scope),
    address: scope.address,
    folder: scope.files.root,
    mounts: scope.mounts,
    resolve: async (hostname) => scope.context.network.resolve(hostname, { namespace, pod: name }),
    stdin: async () => '',
    stdout: collect,
    stderr: collect,
    stopping,
    launchNode: null,
  };
}
