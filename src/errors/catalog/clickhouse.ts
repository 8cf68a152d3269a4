import { entries } from '../entry.ts';

export const clickhouseErrors = entries({
  CLICKHOUSE_REFUSED: {
    exit: 'incomplete',
    title: 'ClickHouse refuses connections',
    meaning: 'The host answers, and nothing listens on the port.',
    fixes: [
      {
        text: 'see whether a ready pod stands behind the Service, and whether host and port in CLICKHOUSE_URL are right',
      },
    ],
  },
  CLICKHOUSE_UNKNOWN_HOST: {
    exit: 'incomplete',
    title: 'the host name of ClickHouse is not known',
    meaning: 'It is no Service of the cluster and does not resolve.',
    fixes: [{ text: 'compare the host in CLICKHOUSE_URL with the Services (`kubectl get services -A`)' }],
  },
  CLICKHOUSE_TIMEOUT: {
    exit: 'incomplete',
    title: 'ClickHouse did not answer in time',
    meaning: 'No connection or no answer came before the deadline.',
    fixes: [{ text: 'give it more time with --timeout' }],
  },
  CLICKHOUSE_TLS: {
    exit: 'config',
    title: 'ClickHouse shows a certificate that is not trusted',
    meaning: 'Its certificate authority, its host name or its dates do not fit.',
    fixes: [{ text: 'check scheme and port of CLICKHOUSE_URL: http on 8123, https on 8443' }],
  },
  CLICKHOUSE_AUTH: {
    exit: 'config',
    title: 'ClickHouse refuses the credentials',
    meaning: 'The user, the password or the key is wrong.',
    fixes: [{ text: 'compare CLICKHOUSE_USER and CLICKHOUSE_PASSWORD with the users of ClickHouse' }],
  },
  CLICKHOUSE_CLOSED: {
    exit: 'incomplete',
    title: 'ClickHouse closed the connection',
    meaning: 'It was reset or ended before an answer was complete.',
    fixes: [
      { text: 'read its own log: a restart, a limit of connections or a proxy between may be the reason' },
    ],
  },
  CLICKHOUSE_FORBIDDEN: {
    exit: 'incomplete',
    title: 'ClickHouse refuses the operation',
    meaning: 'The login works, and the role lacks the right for this operation.',
    fixes: [{ text: 'grant the user of CLICKHOUSE_USER the right that the message names' }],
  },
  CLICKHOUSE_ANSWER: {
    exit: 'incomplete',
    title: 'ClickHouse gave an answer that makes no sense',
    meaning:
      'What came back is not what this kind of server says: another server or a proxy may stand there.',
    fixes: [{ text: 'check that host and port in CLICKHOUSE_URL lead to ClickHouse itself' }],
  },
  CLICKHOUSE_FAILED: {
    exit: 'incomplete',
    title: 'ClickHouse answered with an error',
    meaning: 'The message holds what it said.',
    fixes: [],
  },
});
