import { defineCommand } from '../cli/command.ts';
import { projectOption, writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';
import type { KeyRevocation } from '../keys/revoke.ts';
import { LfctlError } from '../errors/error.ts';

export const keyRevokeCommand = defineCommand({
  path: ['key', 'revoke'],
  summary: 'Revoke API keys, so that no web pod lets them in any more',
  when: 'When a key leaked, or nobody uses it. A row that is deleted by SQL alone goes on working from the cache as long as it is used; here the row goes, then the cache entries, and then each web pod is asked. For 30 days it can be put back.',
  examples: [
    { line: 'lfctl key revoke pk-lf-1b2c… --dry-run', text: 'who uses it, and what would be done' },
    { line: 'lfctl key revoke pk-lf-1b2c… --yes', text: 'a key that nobody uses' },
    { line: 'lfctl key revoke --undo pk-lf-1b2c…', text: 'put it back: the same pair works again' },
  ],
  args: [{ name: 'key', summary: 'public keys', required: false, variadic: true }],
  options: {
    project: { ...projectOption, summary: 'the project that they must be of, by id or name' },
    last: { type: 'boolean', summary: 'also the last key of a project' },
    undo: {
      type: 'string',
      placeholder: 'KEY|RUN',
      summary: 'put back what was revoked, by its public key or the run of the journal',
    },
    ...writerOptions,
  },
  exits: ['ok', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked'],
  timeoutMs: 60_000,
  takes: ['cluster', 'deployment'],
  run: async (context) => {
    const { options, args } = context;
    if ((args.length === 0) === (options.undo === undefined))
      throw new LfctlError('USAGE', {
        message: 'give public keys to revoke, or --undo with one to put back',
      });
    return await writing(context, async (tenancy, place) => {
      const runs = await place.journal.runs();
      if (options.undo !== undefined) {
        const { undoRevokePlan } = await import('../keys/revoke-undo.ts');
        const { plan, run } = undoRevokePlan(tenancy, runs, options.undo);
        const resume = `lfctl key revoke --undo ${run.id}`;
        return { plan, undoes: run, presenting: { resume } };
      }
      const { revokeKeysPlan } = await import('../keys/revoke-plan.ts');
      const request = { publicKeys: args, project: options.project, last: options.last, runs };
      const { plan, revocations, continues } = await revokeKeysPlan(tenancy, request);
      const { revokedText } = await import('../render/keys/revoked.ts');
      const presenting = {
        resume: `lfctl key revoke ${args.join(' ')}`,
        more: () => ({ revoked: doneOf(revocations).map((one) => ({ ...one })) }),
        text: () => revokedText(doneOf(revocations)),
      };
      return { plan, presenting, ...(continues === null ? {} : { continues }) };
    });
  },
});

const doneOf = (revocations: readonly KeyRevocation[]) =>
  revocations.map(({ done }) => done()).filter((one) => one !== null);
