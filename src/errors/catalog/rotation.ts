import { entries } from '../entry.ts';

export const rotationErrors = entries({
  ROTATE_NOTHING: {
    exit: 'usage',
    title: 'it is not clear which API key is meant',
    meaning: 'A key is rotated by its public key, by its project where that has one key, or with --all.',
    fixes: [{ text: 'see all keys', command: 'lfctl key list' }],
  },
  ROTATE_AGENT_KEY: {
    exit: 'refused',
    title: 'Langfuse rotates this API key itself',
    meaning: 'Keys of the in-app agent are made and dropped by web; nobody else holds them.',
    fixes: [],
  },
  ROTATE_NO_CONSUMER: {
    exit: 'refused',
    title: 'nobody who holds the API key was found',
    meaning: 'The new pair would have nowhere to go, and who uses the old one would be cut off.',
    fixes: [
      { text: 'name the namespaces of those who use it with --consumers-in NAMESPACE' },
      {
        text: 'put the new pair into a Secret with --to-secret NAMESPACE/NAME, and keep the old one with --keep-old',
      },
    ],
  },
  ROTATE_FOREIGN: {
    exit: 'refused',
    title: 'the API key stands where lfctl does not write',
    meaning:
      'A controller or a repository would write the old pair back, or the value stands in a ConfigMap or a pod template.',
    fixes: [
      {
        text: 'hand the new pair over with --keep-old --to-secret NAMESPACE/NAME, and revoke the old one afterwards',
      },
    ],
  },
  ROTATE_RIGHTS: {
    exit: 'refused',
    title: 'a right that the rotation needs is missing',
    meaning: 'It was asked for before anything was changed.',
    fixes: [{ text: 'grant it; templates/rbac-rotate.yaml has all rights that a rotation uses' }],
  },
  ROTATE_UNSEEN: {
    exit: 'refused',
    title: 'whether the old API key is still used cannot be seen',
    meaning:
      'Its use shows in the cache of keys in Redis alone. Without that cache the overlap can end by time only, and the time must be said.',
    fixes: [{ text: 'end the overlap by time with --grace DURATION, or keep the old key with --keep-old' }],
  },
  ROTATE_UNFINISHED: {
    exit: 'refused',
    title: 'a rotation of this API key is half undone',
    meaning: 'It was being taken back and was stopped; going on with it would lead the other way.',
    fixes: [],
  },
  ROTATE_NO_RUN: {
    exit: 'usage',
    title: 'no rotation of this API key is in the journal',
    meaning: 'A rotation can be gone on with, or undone, as long as its run is kept: 30 days.',
    fixes: [{ text: 'see all runs', command: 'lfctl journal' }],
  },
  ROTATE_NOT_ADOPTED: {
    exit: 'partial',
    title: 'a consumer does not run with the new API key',
    meaning: 'Its rollout did not come to its end in time. Both keys work, and nothing was revoked.',
    fixes: [
      { text: 'repair the rollout, then go on', command: 'lfctl key rotate PUBLIC_KEY --resume' },
      { text: 'or take it all back', command: 'lfctl key rotate --undo PUBLIC_KEY' },
    ],
  },
  ROTATE_STILL_USED: {
    exit: 'partial',
    title: 'the old API key is still used',
    meaning:
      'Every consumer that was found runs with the new key, and somebody uses the old one. Both keys work, and nothing was revoked.',
    fixes: [
      { text: 'find who else holds it, then go on', command: 'lfctl key rotate PUBLIC_KEY --resume' },
      { text: 'or take it all back', command: 'lfctl key rotate --undo PUBLIC_KEY' },
    ],
  },
  ROTATE_WRITTEN_BACK: {
    exit: 'partial',
    title: 'a Secret does not hold what was written into it',
    meaning: 'Somebody else writes it too: a controller without a mark on the object, or a person.',
    fixes: [
      {
        text: 'find who writes it (metadata.managedFields), then go on',
        command: 'lfctl key rotate PUBLIC_KEY --resume',
      },
    ],
  },
  ROTATE_PAIR_LOST: {
    exit: 'partial',
    title: 'the pair that is to be put back is not there any more',
    meaning: 'The previous pair is kept in a Secret lfctl-previous-* beside its consumer for 30 days.',
    fixes: [{ text: 'rotate once more: a new pair is as good', command: 'lfctl key rotate PUBLIC_KEY' }],
  },
});
