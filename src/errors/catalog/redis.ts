import { entries } from '../entry.ts';

export const redisErrors = entries({
  REDIS_REFUSED: {
    exit: 'incomplete',
    title: 'Redis refuses connections',
    meaning: 'The host answers, and nothing listens on the port.',
    fixes: [
      {
        text: 'see whether a ready pod stands behind the Service, and whether host and port in REDIS_CONNECTION_STRING (or REDIS_HOST) are right',
      },
    ],
  },
  REDIS_UNKNOWN_HOST: {
    exit: 'incomplete',
    title: 'the host name of Redis is not known',
    meaning: 'It is no Service of the cluster and does not resolve.',
    fixes: [
      {
        text: 'compare the host in REDIS_CONNECTION_STRING (or REDIS_HOST) with the Services (`kubectl get services -A`)',
      },
    ],
  },
  REDIS_TIMEOUT: {
    exit: 'incomplete',
    title: 'Redis did not answer in time',
    meaning: 'No connection or no answer came before the deadline.',
    fixes: [{ text: 'give it more time with --timeout' }],
  },
  REDIS_TLS: {
    exit: 'config',
    title: 'Redis shows a certificate that is not trusted',
    meaning: 'Its certificate authority, its host name or its dates do not fit.',
    fixes: [
      { text: 'check REDIS_TLS_ENABLED and REDIS_TLS_CA_PATH, or rediss:// in REDIS_CONNECTION_STRING' },
    ],
  },
  REDIS_AUTH: {
    exit: 'config',
    title: 'Redis refuses the credentials',
    meaning: 'The user, the password or the key is wrong.',
    fixes: [
      {
        text: 'compare REDIS_AUTH and REDIS_USERNAME (or the login in REDIS_CONNECTION_STRING) with requirepass or the ACL of Redis',
      },
    ],
  },
  REDIS_CLOSED: {
    exit: 'incomplete',
    title: 'Redis closed the connection',
    meaning: 'It was reset or ended before an answer was complete.',
    fixes: [
      { text: 'read its own log: a restart, a limit of connections or a proxy between may be the reason' },
    ],
  },
  REDIS_FORBIDDEN: {
    exit: 'incomplete',
    title: 'Redis refuses the operation',
    meaning: 'The login works, and the role lacks the right for this operation.',
    fixes: [{ text: 'allow the command in the ACL of the user: `ACL SETUSER`' }],
  },
  REDIS_ANSWER: {
    exit: 'incomplete',
    title: 'Redis gave an answer that makes no sense',
    meaning:
      'What came back is not what this kind of server says: another server or a proxy may stand there.',
    fixes: [
      { text: 'check that host and port in REDIS_CONNECTION_STRING (or REDIS_HOST) lead to Redis itself' },
    ],
  },
  REDIS_FAILED: {
    exit: 'incomplete',
    title: 'Redis answered with an error',
    meaning: 'The message holds what it said.',
    fixes: [],
  },
});
