import { LfctlError } from '../../../errors/error.ts';
import type { KubeSecret } from '../../../ports/kube-objects.ts';
import { resources } from '../../../ports/kube-resources.ts';
import type { Step } from '../../../plan/plan.ts';
import { holdsPair, replacePair } from '../../consumers/marks.ts';
import type { KeyPair } from '../../pair.ts';
import type { HeldIn } from '../input.ts';
import { newPair, nextPair, oldPair } from '../pairs.ts';
import { forgetPrevious, keepPrevious } from '../previous.ts';
import type { Work } from '../work.ts';

/** Writes the new pair wherever the old one stands in this Secret: one write, bound to the version that was read. */
export function secretStep(work: Work, held: HeldIn): Step {
  const { rotation, kube } = work;
  const place = `${held.namespace}/${held.name}`;
  return {
    id: `write-secret:${place}:${rotation.publicKey}`,
    text: `write the new pair into Secret ${place} (${held.keys.join(', ')})`,
    undo: 'write the old pair back',
    recheck: async () => void (await read(work, held)),
    apply: async () => {
      const [next, old] = [await newPair(work), await oldPair(work)];
      await keepPrevious(kube, held.namespace, old, work.tenancy.now());
      await exchange(work, held, old, next);
      return { keys: held.keys };
    },
    revert: async () => {
      const next = await nextPair(work);
      // Without a new pair nothing was written; a Secret that is gone needs none.
      if (next !== null && (await find(work, held)) !== null)
        await exchange(work, held, next, await oldPair(work));
      await forgetPrevious(kube, held.namespace, rotation.publicKey);
    },
  };
}

const find = async ({ kube }: Work, { namespace, name }: HeldIn): Promise<KubeSecret | null> =>
  await kube.get<KubeSecret>(resources.secrets, namespace, name);

/** @throws LfctlError PLAN_STALE */
async function read(work: Work, held: HeldIn): Promise<KubeSecret> {
  const { namespace, name } = held;
  const found = await find(work, held);
  if (found !== null) return found;
  throw new LfctlError('PLAN_STALE', { message: `Secret ${namespace}/${name} is gone` });
}

/** Somebody else may write the same Secret at the same moment. */
const tries = 5;

async function exchange(work: Work, held: HeldIn, from: KeyPair, to: KeyPair): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { metadata, data = {} } = await read(work, held);
    const changed = Object.entries(data).flatMap(([key, value]) => {
      const text = Buffer.from(value, 'base64').toString('utf8');
      const replaced = held.keys.includes(key) ? replacePair(text, from, to) : text;
      return replaced === text ? [] : [[key, Buffer.from(replaced).toString('base64')] as const];
    });
    if (changed.length === 0) return;
    const { resourceVersion } = metadata;
    const patch = { metadata: { resourceVersion }, data: Object.fromEntries(changed) };
    try {
      await work.kube.patch(resources.secrets, held.namespace, held.name, patch);
      return;
    } catch (error) {
      if (!(error instanceof LfctlError) || error.code !== 'KUBE_CONFLICT' || attempt === tries) throw error;
    }
  }
}

/** Whether every key that held something of the old pair holds the new one. @throws LfctlError ROTATE_WRITTEN_BACK */
export async function requireNew(work: Work, held: HeldIn): Promise<void> {
  const old = await oldPair(work);
  const { data = {} } = await read(work, held);
  const back = held.keys.filter((key) => {
    const text = Buffer.from(data[key] ?? '', 'base64').toString('utf8');
    return holdsPair(text, old);
  });
  if (back.length === 0) return;
  throw new LfctlError('ROTATE_WRITTEN_BACK', {
    message: `Secret ${held.namespace}/${held.name} holds the old pair again in ${back.join(', ')}`,
  });
}
