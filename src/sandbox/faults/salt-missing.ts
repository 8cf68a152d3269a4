import type { KubeSecret, Pod } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { FaultContext } from '../fault.ts';
import { defineFault } from '../fault.ts';

const { pods, secrets } = resources;

/** SALT fell out of the Secret: the next web pod says so in its log and answers 500 to everything. */
export const saltMissingFault = defineFault({
  name: 'salt-missing',
  area: 'start-up',
  summary: 'SALT is missing from the env Secret: the new web pod answers 500 and never becomes ready',
  firstVerdict: 'config/required-env',
  expects: 'findings',
  generations: [3, 4],
  layouts: ['runbook', 'chart-1', 'chart-2', 'plain'],
  break: async (context) => {
    const { kube, names, memory } = context;
    const found = await kube.get<KubeSecret>(secrets, names.namespace, names.envSecret);
    const kept = found?.data?.['SALT'];
    if (kept !== undefined) memory.set('salt', Buffer.from(kept, 'base64').toString('utf8'));
    await kube.setSecret(names.namespace, names.envSecret, { SALT: null });
    await kube.restart(names.namespace, names.web);
    await context.until('a web pod says that SALT is missing', () => somePodSaysSo(context));
  },
  mend: async ({ kube, names, memory }) => {
    const salt = memory.get('salt');
    if (typeof salt === 'string') await kube.setSecret(names.namespace, names.envSecret, { SALT: salt });
    await kube.restart(names.namespace, names.web);
    await kube.ready(names.namespace, names.web);
  },
});

async function somePodSaysSo({ kube, names }: FaultContext): Promise<boolean> {
  const found = await kube.list<Pod>(pods, names.namespace);
  const logs = found
    .filter(({ metadata }) => metadata.name.startsWith(`${names.web}-`))
    .flatMap(({ metadata, spec }) =>
      spec.containers
        .filter(({ image }) => /langfuse(-web)?:/.test(image ?? ''))
        .map(({ name }) => kube.logs(names.namespace, metadata.name, name).catch(() => '')),
    );
  return (await Promise.all(logs)).some((text) => text.includes('SALT'));
}
