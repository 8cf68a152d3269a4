import { defineCommand } from '../cli/command.ts';
import { projectOption, writerOptions } from '../cli/globals.ts';
import { writing } from '../cli/writing.ts';

const defaultMaxWaitMs = 30 * 60_000;

export const keyRotateCommand = defineCommand({
  path: ['key', 'rotate'],
  summary: 'Give the consumers of an API key a new pair, and revoke the old one once it is idle',
  when: 'On a schedule, or when a key may have leaked and must not be cut off. Both keys work until every consumer runs with the new one and the old one is seen unused; the run can be undone for 30 days. A run that was killed or stopped is gone on with by the same line.',
  examples: [
    { line: 'lfctl key rotate -p production --dry-run', text: 'who holds the key, and what would be done' },
    { line: 'lfctl key rotate pk-lf-1b2c… --yes', text: 'one key' },
    {
      line: 'lfctl key rotate --all --older-than 90d --yes -q',
      text: 'for cron: every key older than 90 days',
    },
    {
      line: 'lfctl key rotate pk-lf-1b2c… --keep-old --to-secret team-a/langfuse-next',
      text: 'hand the new pair over to consumers whose Secret an operator writes',
    },
    {
      line: 'lfctl key rotate --undo pk-lf-1b2c…',
      text: 'the old pair works again, and its consumers have it',
    },
  ],
  args: [{ name: 'key', summary: 'its public key', required: false, variadic: false }],
  options: {
    project: { ...projectOption, summary: 'project of the key, by id or name; alone, where it has one key' },
    all: { type: 'boolean', summary: 'every key, one after the other' },
    olderThan: {
      type: 'duration',
      placeholder: 'AGE',
      summary: 'with --all: only keys that are older, such as 90d',
      age: true,
    },
    consumersIn: {
      type: 'strings',
      placeholder: 'NAMESPACE',
      summary: 'look for consumers there too, where the whole cluster may not be read',
    },
    toSecret: {
      type: 'string',
      placeholder: 'NAMESPACE/NAME',
      summary: 'put the new pair into this Secret besides',
    },
    grace: {
      type: 'duration',
      placeholder: 'DURATION',
      summary:
        'how long the old key must have been idle; by default as long as an unused key stays cached (5m)',
    },
    maxWait: {
      type: 'duration',
      placeholder: 'DURATION',
      summary:
        'longest wait for rollouts, and then for the old key to become idle; after it both keys are kept',
      defaultMs: defaultMaxWaitMs,
    },
    keepOld: { type: 'boolean', summary: 'stop before the old key is revoked' },
    resume: { type: 'boolean', summary: 'only go on with a run that has not come to its end' },
    undo: {
      type: 'string',
      placeholder: 'KEY|RUN',
      summary: 'take a rotation back, by its old or new public key or its run, after the revocation too',
    },
    ...writerOptions,
  },
  exits: ['ok', 'findings', 'usage', 'config', 'incomplete', 'refused', 'partial', 'locked'],
  timeoutMs: null,
  takes: ['cluster', 'deployment'],
  run: async (context) => {
    const { options, args } = context;
    const { checkFlags } = await import('../keys/rotate/request.ts');
    checkFlags(options, args);
    let isAll = true;
    const result = await writing(context, async (tenancy, place) => {
      const { planRequest } = await import('../keys/rotate/request.ts');
      const { rotatedKeys } = await import('../keys/rotate/result.ts');
      const { rotatedText } = await import('../render/keys/rotate.ts');
      const { input, resume, left, ...planned } = await planRequest(
        tenancy,
        options,
        args,
        await place.journal.runs(),
      );
      isAll = left.skipped.length === 0;
      return {
        ...planned,
        presenting: {
          resume,
          more: (applied) => ({
            keys: rotatedKeys(input, applied).map((key) => ({ ...key })),
            skipped: left.skipped.map((key) => ({ ...key })),
            handOvers: left.handOvers.map((one) => ({ ...one })),
            unknown: left.unknown,
          }),
          text: (applied) => rotatedText(rotatedKeys(input, applied)),
        },
      };
    });
    const { worstExit } = await import('../errors/exit.ts');
    return isAll ? result : { ...result, exit: worstExit(result.exit, 'findings') };
  },
});
