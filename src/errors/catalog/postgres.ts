import { entries } from '../entry.ts';

export const postgresErrors = entries({
  POSTGRES_REFUSED: {
    exit: 'incomplete',
    title: 'Postgres refuses connections',
    meaning: 'The host answers, and nothing listens on the port.',
    fixes: [
      {
        text: 'see whether a ready pod stands behind the Service, and whether host and port in DATABASE_URL (or DATABASE_HOST) are right',
      },
    ],
  },
  POSTGRES_UNKNOWN_HOST: {
    exit: 'incomplete',
    title: 'the host name of Postgres is not known',
    meaning: 'It is no Service of the cluster and does not resolve.',
    fixes: [
      {
        text: 'compare the host in DATABASE_URL (or DATABASE_HOST) with the Services (`kubectl get services -A`)',
      },
    ],
  },
  POSTGRES_TIMEOUT: {
    exit: 'incomplete',
    title: 'Postgres did not answer in time',
    meaning: 'No connection or no answer came before the deadline.',
    fixes: [{ text: 'give it more time with --timeout' }],
  },
  POSTGRES_TLS: {
    exit: 'config',
    title: 'Postgres shows a certificate that is not trusted',
    meaning: 'Its certificate authority, its host name or its dates do not fit.',
    fixes: [
      {
        text: 'check sslmode in DATABASE_URL: `require` encrypts without verifying, `verify-full` needs a trusted certificate, `disable` does without',
      },
    ],
  },
  POSTGRES_AUTH: {
    exit: 'config',
    title: 'Postgres refuses the credentials',
    meaning: 'The user, the password or the key is wrong.',
    fixes: [
      {
        text: 'compare user and password in DATABASE_URL (or DATABASE_USERNAME, DATABASE_PASSWORD) with the role in Postgres; characters such as @ and # must be percent-encoded in a URL',
      },
    ],
  },
  POSTGRES_CLOSED: {
    exit: 'incomplete',
    title: 'Postgres closed the connection',
    meaning: 'It was reset or ended before an answer was complete.',
    fixes: [
      { text: 'read its own log: a restart, a limit of connections or a proxy between may be the reason' },
    ],
  },
  POSTGRES_FORBIDDEN: {
    exit: 'incomplete',
    title: 'Postgres refuses the operation',
    meaning: 'The login works, and the role lacks the right for this operation.',
    fixes: [
      { text: "grant the role of DATABASE_URL the right, or use the role that owns Langfuse's tables" },
    ],
  },
  POSTGRES_CHANGED: {
    exit: 'refused',
    title: 'the rows are no longer as they were planned for',
    meaning: 'Somebody else changed them in the meantime. The whole change was taken back.',
    fixes: [{ text: 'run the same line again: it plans for the rows as they are now' }],
  },
  POSTGRES_ANSWER: {
    exit: 'incomplete',
    title: 'Postgres gave an answer that makes no sense',
    meaning:
      'What came back is not what this kind of server says: another server or a proxy may stand there.',
    fixes: [{ text: 'check that host and port in DATABASE_URL (or DATABASE_HOST) lead to Postgres itself' }],
  },
  POSTGRES_FAILED: {
    exit: 'incomplete',
    title: 'Postgres answered with an error',
    meaning: 'The message holds what it said.',
    fixes: [],
  },
  POSTGRES_DATABASE: {
    exit: 'config',
    title: 'the database does not exist',
    meaning: 'The login works, and the database of the URL is not there.',
    fixes: [{ text: 'compare the database name in DATABASE_URL (or DATABASE_NAME) with `\\l` in psql' }],
  },
  POSTGRES_URL: {
    exit: 'config',
    title: 'the Postgres URL is not valid',
    meaning: 'It does not parse: often a character of the password that must be percent-encoded.',
    fixes: [],
  },
  POSTGRES_CONNECTIONS: {
    exit: 'incomplete',
    title: 'Postgres has no connection left',
    meaning: 'All of max_connections are taken; Langfuse itself may fail for the same reason.',
    fixes: [{ text: 'lower connection_limit of the clients or raise max_connections' }],
  },
});
