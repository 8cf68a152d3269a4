import { entries } from '../entry.ts';

export const objectsErrors = entries({
  OBJECTS_REFUSED: {
    exit: 'incomplete',
    title: 'the object store refuses connections',
    meaning: 'The host answers, and nothing listens on the port.',
    fixes: [
      {
        text: 'see whether a ready pod stands behind the Service, and whether host and port in LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT are right',
      },
    ],
  },
  OBJECTS_UNKNOWN_HOST: {
    exit: 'incomplete',
    title: 'the host name of the object store is not known',
    meaning: 'It is no Service of the cluster and does not resolve.',
    fixes: [
      {
        text: 'compare the host in LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT with the Services (`kubectl get services -A`)',
      },
    ],
  },
  OBJECTS_TIMEOUT: {
    exit: 'incomplete',
    title: 'the object store did not answer in time',
    meaning: 'No connection or no answer came before the deadline.',
    fixes: [{ text: 'give it more time with --timeout' }],
  },
  OBJECTS_TLS: {
    exit: 'config',
    title: 'the object store shows a certificate that is not trusted',
    meaning: 'Its certificate authority, its host name or its dates do not fit.',
    fixes: [
      {
        text: 'check the scheme of LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT, and that Langfuse is given the authority (NODE_EXTRA_CA_CERTS)',
      },
    ],
  },
  OBJECTS_AUTH: {
    exit: 'config',
    title: 'the object store refuses the credentials',
    meaning: 'The user, the password or the key is wrong.',
    fixes: [
      {
        text: "compare LANGFUSE_S3_EVENT_UPLOAD_ACCESS_KEY_ID and LANGFUSE_S3_EVENT_UPLOAD_SECRET_ACCESS_KEY with the object store's users",
      },
    ],
  },
  OBJECTS_CLOSED: {
    exit: 'incomplete',
    title: 'the object store closed the connection',
    meaning: 'It was reset or ended before an answer was complete.',
    fixes: [
      { text: 'read its own log: a restart, a limit of connections or a proxy between may be the reason' },
    ],
  },
  OBJECTS_FORBIDDEN: {
    exit: 'incomplete',
    title: 'the object store refuses the operation',
    meaning: 'The login works, and the role lacks the right for this operation.',
    fixes: [{ text: 'allow s3:ListBucket, s3:GetObject and s3:PutObject on the bucket for this key' }],
  },
  OBJECTS_ANSWER: {
    exit: 'incomplete',
    title: 'the object store gave an answer that makes no sense',
    meaning:
      'What came back is not what this kind of server says: another server or a proxy may stand there.',
    fixes: [
      {
        text: 'check that host and port in LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT lead to the object store itself',
      },
    ],
  },
  OBJECTS_FAILED: {
    exit: 'incomplete',
    title: 'the object store answered with an error',
    meaning: 'The message holds what it said.',
    fixes: [],
  },
  OBJECTS_BUCKET: {
    exit: 'config',
    title: 'the bucket does not exist',
    meaning: 'The object store answers, and has no bucket of this name.',
    fixes: [{ text: 'create the bucket, or correct LANGFUSE_S3_EVENT_UPLOAD_BUCKET' }],
  },
  OBJECTS_CLOCK: {
    exit: 'config',
    title: 'the clocks differ too much',
    meaning:
      'Signed requests are refused when the clocks of client and object store differ by more than 15 minutes.',
    fixes: [{ text: 'set the clock of this machine' }],
  },
  STORE_NOT_SUPPORTED: {
    exit: 'incomplete',
    title: 'this kind of store is not supported yet',
    meaning:
      'Langfuse keeps its objects where lfctl has no client or no login: Azure, Google or Oracle storage, or S3 opened by the identity of the pod. What lies there stays unknown.',
    fixes: [{ text: 'leave these checks out', command: "lfctl doctor --skip 'objects/*'" }],
  },
});
