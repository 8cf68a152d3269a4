import { entries } from '../entry.ts';

export const langfuseErrors = entries({
  LANGFUSE_REFUSED: {
    exit: 'incomplete',
    title: 'Langfuse refuses connections',
    meaning: 'The host answers, and nothing listens on the port.',
    fixes: [
      {
        text: 'see whether a ready pod stands behind the Service, and whether host and port in the URL (LFCTL_URL, LANGFUSE_BASE_URL or NEXTAUTH_URL) are right',
      },
    ],
  },
  LANGFUSE_UNKNOWN_HOST: {
    exit: 'incomplete',
    title: 'the host name of Langfuse is not known',
    meaning: 'It is no Service of the cluster and does not resolve.',
    fixes: [
      {
        text: 'compare the host in the URL (LFCTL_URL, LANGFUSE_BASE_URL or NEXTAUTH_URL) with the Services (`kubectl get services -A`)',
      },
    ],
  },
  LANGFUSE_TIMEOUT: {
    exit: 'incomplete',
    title: 'Langfuse did not answer in time',
    meaning: 'No connection or no answer came before the deadline.',
    fixes: [{ text: 'give it more time with --timeout' }],
  },
  LANGFUSE_TLS: {
    exit: 'config',
    title: 'Langfuse shows a certificate that is not trusted',
    meaning: 'Its certificate authority, its host name or its dates do not fit.',
    fixes: [
      {
        text: 'check the certificate of the ingress; an own authority is trusted through NODE_EXTRA_CA_CERTS',
      },
    ],
  },
  LANGFUSE_AUTH: {
    exit: 'config',
    title: 'Langfuse refuses the credentials',
    meaning: 'The user, the password or the key is wrong.',
    fixes: [{ text: 'compare LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY with the keys of the project' }],
  },
  LANGFUSE_CLOSED: {
    exit: 'incomplete',
    title: 'Langfuse closed the connection',
    meaning: 'It was reset or ended before an answer was complete.',
    fixes: [
      { text: 'read its own log: a restart, a limit of connections or a proxy between may be the reason' },
    ],
  },
  LANGFUSE_FORBIDDEN: {
    exit: 'incomplete',
    title: 'Langfuse refuses the operation',
    meaning: 'The login works, and the role lacks the right for this operation.',
    fixes: [],
  },
  LANGFUSE_ANSWER: {
    exit: 'incomplete',
    title: 'Langfuse gave an answer that makes no sense',
    meaning:
      'What came back is not what this kind of server says: another server or a proxy may stand there.',
    fixes: [
      {
        text: 'check that host and port in the URL (LFCTL_URL, LANGFUSE_BASE_URL or NEXTAUTH_URL) lead to Langfuse itself',
      },
    ],
  },
  LANGFUSE_FAILED: {
    exit: 'incomplete',
    title: 'Langfuse answered with an error',
    meaning: 'The message holds what it said.',
    fixes: [],
  },
});
