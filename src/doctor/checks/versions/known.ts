import { knownness, newestRelease } from '../../../deployment/releases.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { failing, manual } from '../../wording.ts';

export const versionsKnownCheck = defineCheck({
  id: 'versions/known',
  area: 'versions',
  title: 'lfctl knows this version of Langfuse',
  why: 'What the checks know of variables, tables and health calls is of the releases up to the newest known one. A later minor version is judged like it, a later major version may keep its data elsewhere.',
  severity: 'info',
  uses: ['deployment/version'],
  explains: [],
  evaluate: ({ facts, version }) => {
    switch (knownness(version)) {
      case null:
        return {
          status: 'skipped',
          reason: 'the version is not known: no web pod tells it, no image names it',
        };
      case 'known':
        return { status: 'ok', detail: version ?? '' };
      case 'newer-minor':
        return later(version ?? '', facts['deployment/version'].live);
      case 'newer-major':
        return {
          status: 'unknown',
          reason: `Langfuse ${version ?? ''} is of a later major version than ${newestRelease}, the newest that lfctl knows: what is ok here is ok for ${newestRelease}`,
        };
    }
  },
});

function later(version: string, live: string | null): Verdict {
  return failing(
    `Langfuse ${version} is later than ${newestRelease}, the newest that lfctl knows: judged as ${newestRelease}`,
    [
      {
        source: live === null ? 'image of web' : 'health call of web',
        again: 'lfctl status',
        observed: version,
        expected: `at most ${newestRelease}`,
      },
    ],
    [manual('use an lfctl that knows it')],
  );
}
