import { entries } from '../entry.ts';

export const keysErrors = entries({
  PROJECT_UNKNOWN: {
    exit: 'usage',
    title: 'no such project',
    meaning: 'No project that is not being deleted has this id or name. Names are compared as they stand.',
    fixes: [{ text: 'see all projects', command: 'lfctl project list' }],
  },
  PROJECT_AMBIGUOUS: {
    exit: 'usage',
    title: 'several projects have this name',
    meaning: 'Langfuse lets organisations, and even one organisation, have several projects of one name.',
    fixes: [{ text: 'name the project by its id' }],
  },
  KEY_UNKNOWN: {
    exit: 'usage',
    title: 'no such API key',
    meaning: 'The table api_keys has no row with this public key.',
    fixes: [{ text: 'see all keys', command: 'lfctl key list' }],
  },
  KEY_OTHER_PROJECT: {
    exit: 'usage',
    title: 'the API key is of another project',
    meaning: 'The public key is known, and does not belong to the project that was named with --project.',
    fixes: [{ text: 'leave --project out, or name the project of the key' }],
  },
  KEY_LAST: {
    exit: 'refused',
    title: 'it is the last API key of its project',
    meaning: 'Without a key nothing can be sent to the project or read from it over the API.',
    fixes: [
      { text: 'make another one first', command: 'lfctl key create -p PROJECT --note NOTE' },
      { text: 'revoke it all the same with --last' },
    ],
  },
  KEY_PROVISIONED: {
    exit: 'refused',
    title: 'the API key would come back at the next start of web',
    meaning:
      'LANGFUSE_INIT_PROJECT_PUBLIC_KEY names it, and web makes that pair at each start when it is absent.',
    fixes: [
      {
        text: 'take LANGFUSE_INIT_PROJECT_PUBLIC_KEY and LANGFUSE_INIT_PROJECT_SECRET_KEY out of the environment of web first',
      },
    ],
  },
  KEY_EXISTS: {
    exit: 'refused',
    title: 'the key pair is taken already',
    meaning: 'Public keys and secrets are unique over the whole instance.',
    fixes: [{ text: 'see whose it is', command: 'lfctl key list' }],
  },
  KEY_PAIR_INVALID: {
    exit: 'usage',
    title: 'it is no key pair of Langfuse',
    meaning: 'A pair is a public key that begins with pk-lf- and a secret key that begins with sk-lf-.',
    fixes: [
      { text: 'give LANGFUSE_PUBLIC_KEY=pk-lf-… and LANGFUSE_SECRET_KEY=sk-lf-…, a line each, or JSON' },
    ],
  },
  KEY_NOWHERE: {
    exit: 'refused',
    title: 'the secret would have nowhere to go',
    meaning:
      'A new secret is shown once on a terminal; elsewhere a place for it must be named before anything is made.',
    fixes: [
      {
        text: 'put it into a Secret with --to-secret NAMESPACE/NAME, into a file with --to-file FILE, or print it with --reveal',
      },
    ],
  },
  KEY_TARGET_TAKEN: {
    exit: 'refused',
    title: 'the place for the secret is taken',
    meaning: 'What is there already is not overwritten: another consumer may live on it.',
    fixes: [{ text: 'name another place, or take away what is there first' }],
  },
  KEY_CACHE_LEFT: {
    exit: 'partial',
    title: 'the cached copy of a key could not be removed',
    meaning:
      'Web accepts a key from its cache in Redis without looking into Postgres, and each use prolongs the entry. Until it is removed the change has not come about.',
    fixes: [
      {
        text: 'when Redis answers again, run the same line: it goes on where it stopped',
      },
      {
        text: 'without access to Redis: POST /api/admin/api-keys {"action":"invalidate-all"} with ADMIN_API_KEY (Langfuse 3.192.1 and later)',
      },
    ],
  },
  KEY_STILL_ACCEPTED: {
    exit: 'partial',
    title: 'web still accepts a key that was revoked',
    meaning: 'The row is gone and the cache entry was removed, and a web pod accepts the key all the same.',
    fixes: [
      {
        text: 'look whether that pod uses another Postgres or Redis, or another REDIS_KEY_PREFIX',
        command: 'lfctl doctor',
      },
      { text: 'run the same line again: it clears and asks again' },
    ],
  },
  KEY_NOT_ACCEPTED: {
    exit: 'incomplete',
    title: 'web does not accept a key that was made',
    meaning: 'The row is written and the cache has no entry that denies it, and a web pod answers 401.',
    fixes: [{ text: 'look whether that pod uses another Postgres, Redis or SALT', command: 'lfctl doctor' }],
  },
  KEY_UNPROVEN: {
    exit: 'partial',
    title: 'a web pod could not be asked',
    meaning: 'Row and cache entry are as they should be; that each web pod goes by them was not seen.',
    fixes: [{ text: 'run the same line again when it answers: it goes on where it stopped' }],
  },
  KEY_NO_UNDO: {
    exit: 'usage',
    title: 'nothing to put back',
    meaning: 'Revoked keys are kept in the journal, as hashes, for 30 days.',
    fixes: [{ text: 'see what was changed', command: 'lfctl journal' }],
  },
  KEY_EXPORT_INVALID: {
    exit: 'usage',
    title: 'the exported record cannot be opened',
    meaning: 'It is no encrypted record of lfctl, or the passphrase is another one, or it was changed.',
    fixes: [{ text: 'give the passphrase it was made with in LFCTL_EXPORT_PASSPHRASE' }],
  },
});
