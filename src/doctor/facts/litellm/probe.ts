import { defineFact } from '../../fact.ts';
import { envText } from '../../../deployment/resolve-env.ts';
import { LfctlError } from '../../../errors/error.ts';
import { noLiteLlm } from '../../hidden.ts';

export interface LiteLlmProbeView {
  readonly workload: string;
  readonly namespace: string;
  readonly pod: string;
  readonly ok: boolean;
  /** Status and first characters of the answer, or what the connection said. */
  readonly answer: string;
}

/** What the image has: LiteLLM's is Python without curl. */
const script =
  "import os,urllib.request;r=urllib.request.urlopen(os.environ.get('LANGFUSE_HOST','https://cloud.langfuse.com').rstrip('/')+'/api/public/health',timeout=3);print(r.status,r.read(80).decode())";

/** With --probe: LiteLLM's own pod asks Langfuse's health. Runs one process in the pod; changes nothing. */
export const litellmProbeFact = defineFact({
  id: 'litellm/probe',
  needs: ['kube'],
  after: ['deployment/discovery'],
  cost: 'active',
  collect: async (context): Promise<readonly LiteLlmProbeView[]> => {
    const deployment = await context.deployment();
    const { liteLlm } = deployment;
    if (liteLlm.length === 0) throw noLiteLlm(deployment, context.settings);
    const kube = await context.ports.kube();
    return await Promise.all(
      liteLlm.map(async (one): Promise<LiteLlmProbeView> => {
        const [pod] = one.pods;
        if (pod === undefined) throw new LfctlError('KUBE_NOT_FOUND', { message: 'LiteLLM has no pod' });
        const command =
          envText(one.env, 'LANGFUSE_HOST') === null
            ? ['python3', '-c', script]
            : [
                'sh',
                '-c',
                `python3 -c "${script}" 2>&1 || wget -qO- -T 3 "$LANGFUSE_HOST/api/public/health" 2>&1`,
              ];
        const result = await kube.exec(one.workload.namespace, pod, one.container, command, context.signal);
        const answer = `${result.stdout}${result.stderr}`.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
        return {
          workload: `deployment/${one.workload.name}`,
          namespace: one.workload.namespace,
          pod,
          ok: result.exitCode === 0 && answer.includes('"status"'),
          answer,
        };
      }),
    );
  },
});
