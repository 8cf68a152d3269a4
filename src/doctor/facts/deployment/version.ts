import type { Generation } from '../../../deployment/model.ts';
import { generationOf } from '../../../deployment/image.ts';
import { defineFact } from '../../fact.ts';
import type { HttpView } from '../../views.ts';

export interface VersionView {
  /** Version that a running web pod says of itself; null when none answers. */
  readonly live: string | null;
  /** Different answers of different pods. */
  readonly all: readonly string[];
  readonly generation: Generation | null;
}

/** The live version, from the health endpoint: tags may float, and mirrors may rename them. */
export const deploymentVersionFact = defineFact({
  id: 'deployment/version',
  needs: [],
  after: ['web/http'],
  cost: 'read',
  collect: async (context): Promise<VersionView> => {
    const outcome = context.fact('web/http');
    const pods = outcome.status === 'known' ? (outcome.value as readonly HttpView[]) : [];
    const all = [...new Set(pods.map((pod) => pod.version).filter((version) => version !== null))];
    const live = all[0] ?? null;
    return await Promise.resolve({ live, all, generation: generationOf(live) });
  },
});
