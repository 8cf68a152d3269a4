import { entries } from '../entry.ts';

export const planErrors = entries({
  LOCKED: {
    exit: 'locked',
    title: 'another lfctl operation holds the lock',
    meaning:
      'Two operations of one kind on one deployment would work against each other. The message names the holder.',
    fixes: [
      {
        text: 'wait until it is done; a holder that was killed is taken over after 15 s without a sign of life',
      },
      { text: 'see what it does', command: 'lfctl journal' },
    ],
  },
  LOCK_UNAVAILABLE: {
    exit: 'incomplete',
    title: 'no lock could be taken',
    meaning:
      'Changes are made under a lock, a Lease in the cluster or an advisory lock in Postgres, and neither could be had.',
    fixes: [{ text: 'give access to the cluster (create and patch leases) or to Postgres' }],
  },
  LOCK_LOST: {
    exit: 'partial',
    title: 'the lock was lost while it was needed',
    meaning:
      'The lease could not be renewed or the session in Postgres ended; nothing more was changed after that.',
    fixes: [{ text: 'see where it stopped', command: 'lfctl journal' }],
  },
  JOURNAL: {
    exit: 'incomplete',
    title: 'the journal cannot be read or written',
    meaning: 'Each change has a line in the journal before and after it; without it nothing is changed.',
    fixes: [{ text: 'free disk space, or set XDG_STATE_HOME to a folder of your own' }],
  },
  JOURNAL_RUN: {
    exit: 'usage',
    title: 'the journal has no such run',
    meaning: 'The name matches no run of this deployment, or more than one.',
    fixes: [{ text: 'see all runs', command: 'lfctl journal' }],
  },
  PLAN_STALE: {
    exit: 'refused',
    title: 'the world is no longer as the plan has it',
    meaning: 'What a step was planned on was looked at again right before it, and had changed.',
    fixes: [{ text: 'run the same line again: it plans for what is there now' }],
  },
  CONFIRM_NEEDED: {
    exit: 'refused',
    title: 'the plan needs a confirmation',
    meaning:
      'A reversible plan needs a yes or --yes; one that cannot be undone, or touches much, the typed name or --confirm TOKEN.',
    fixes: [],
  },
  CONFIRM_MISMATCH: {
    exit: 'refused',
    title: 'the token is not that of this plan',
    meaning:
      'A token is bound to the steps, the deployment and what was looked at. It changes when one of these does.',
    fixes: [{ text: 'look at the plan as it is now with --dry-run, and take its token' }],
  },
  CANNOT_UNDO: {
    exit: 'partial',
    title: 'a step cannot be undone',
    meaning: 'The steps after it were taken back; this one and those before it stay.',
    fixes: [{ text: 'see what was done', command: 'lfctl journal' }],
  },
  VERSION_UNVERIFIED: {
    exit: 'refused',
    title: 'this Langfuse is newer than those that lfctl was verified with',
    meaning: 'What is written depends on the version; a newer one may keep it elsewhere.',
    fixes: [{ text: 'use a newer lfctl, or accept the risk with --unverified-version' }],
  },
});
