import { sendEmpty, sendXml } from './answers.ts';
import { S3Error } from './errors.ts';
import type { S3Code } from './errors.ts';
import type { Exchange } from './handler.ts';
import { readSmallBody } from './receive.ts';
import type { BucketRecord, Setting } from './records.ts';
import { documentOf, parseXml, text, textOf } from './xml.ts';

/** Root element of each kept document, and the answer while there is none. */
const kinds: Readonly<Record<Setting, { readonly root: string | null; readonly absent: S3Code | null }>> = {
  lifecycle: { root: 'LifecycleConfiguration', absent: 'NoSuchLifecycleConfiguration' },
  encryption: {
    root: 'ServerSideEncryptionConfiguration',
    absent: 'ServerSideEncryptionConfigurationNotFoundError',
  },
  tagging: { root: 'Tagging', absent: 'NoSuchTagSet' },
  policy: { root: null, absent: 'NoSuchBucketPolicy' },
  replication: { root: 'ReplicationConfiguration', absent: 'ReplicationConfigurationNotFoundError' },
  'object-lock': { root: 'ObjectLockConfiguration', absent: 'ObjectLockConfigurationNotFoundError' },
  notification: { root: 'NotificationConfiguration', absent: null },
};

const names: readonly Setting[] = [
  'lifecycle',
  'encryption',
  'tagging',
  'policy',
  'replication',
  'object-lock',
  'notification',
];
const largestDocumentBytes = 1024 * 1024;

/** The setting that a bucket's query names, or null. */
export function settingOf(query: URLSearchParams): Setting | null {
  return names.find((name) => query.has(name)) ?? null;
}

/** GET, PUT and DELETE of a setting. */
export async function bucketSetting(exchange: Exchange, setting: Setting): Promise<void> {
  const { request, response, store } = exchange;
  const { record } = store.bucket(request.bucket);
  switch (request.method) {
    case 'GET':
      return sendSetting(exchange, record, setting);
    case 'PUT': {
      const body = (await readSmallBody(request, exchange.signed, largestDocumentBytes)).toString();
      checkDocument(body, kinds[setting].root, record, setting);
      store.commit({
        type: 'bucket',
        record: { ...record, settings: { ...record.settings, [setting]: body } },
      });
      return sendEmpty(response, setting === 'policy' ? 204 : 200);
    }
    case 'DELETE': {
      const { [setting]: _, ...settings } = record.settings;
      store.commit({ type: 'bucket', record: { ...record, settings } });
      return sendEmpty(response);
    }
    default:
      throw new S3Error('MethodNotAllowed');
  }
}

/** GET and PUT ?versioning. */
export async function bucketVersioning(exchange: Exchange): Promise<void> {
  const { request, response, store, signed } = exchange;
  const { record } = store.bucket(request.bucket);
  if (request.method !== 'PUT') {
    const status = record.versioning === null ? '' : text('Status', record.versioning);
    return sendXml(response, documentOf('VersioningConfiguration', status));
  }
  const body = (await readSmallBody(request, signed, largestDocumentBytes)).toString();
  const status = textOf(parseXml(body, 'VersioningConfiguration'), 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('MalformedXML');
  if (status === 'Suspended' && record.settings['object-lock'] !== undefined)
    throw new S3Error('InvalidBucketState');
  store.commit({ type: 'bucket', record: { ...record, versioning: status } });
  sendEmpty(response, 200);
}

function sendSetting({ response }: Exchange, record: BucketRecord, setting: Setting): void {
  const { root, absent } = kinds[setting];
  const body = record.settings[setting];
  if (body === undefined && absent !== null) throw new S3Error(absent);
  if (setting === 'policy') return sendXml(response, body ?? '', { 'Content-Type': 'application/json' });
  sendXml(response, body ?? documentOf(root ?? setting));
}

function checkDocument(body: string, root: string | null, record: BucketRecord, setting: Setting): void {
  if (setting === 'object-lock' && record.settings['object-lock'] === undefined)
    throw new S3Error(
      'InvalidBucketState',
      'Object Lock configuration cannot be enabled on existing buckets',
    );
  if (root !== null) parseXml(body, root);
  else if (!isPolicy(body)) throw new S3Error('MalformedXML', 'Policy has invalid resource.');
}

function isPolicy(body: string): boolean {
  try {
    const policy: unknown = JSON.parse(body);
    return typeof policy === 'object' && policy !== null && 'Statement' in policy;
  } catch {
    return false;
  }
}
