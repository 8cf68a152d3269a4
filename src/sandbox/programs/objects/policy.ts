import type { S3Request } from './request.ts';

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

/**
 * What a bucket's policy says to a request: an explicit Deny holds for everybody, as on AWS; an Allow opens the
 * bucket to requests without a signature.
 */
export function policyVerdict(policy: string | undefined, request: S3Request): 'allow' | 'deny' | 'silent' {
  if (policy === undefined) return 'silent';
  const action = actionOf(request);
  // Whoever is shut out by a policy can still take it away.
  if (action.endsWith('BucketPolicy')) return 'silent';
  const resource = `arn:aws:s3:::${request.bucket}${request.key === '' ? '' : `/${request.key}`}`;
  const hits = statements(policy).filter(
    ({ Action, Resource }) => matches(Action, action) && matches(Resource, resource),
  );
  if (hits.some(({ Effect }) => Effect === 'Deny')) return 'deny';
  return hits.some(({ Effect, Principal }) => Effect === 'Allow' && isEverybody(Principal))
    ? 'allow'
    : 'silent';
}

function actionOf(request: S3Request): string {
  const { method, key, query } = request;
  if (query.has('policy')) return `s3:${verb(method)}BucketPolicy`;
  if (key === '') {
    if (query.has('delete')) return 's3:DeleteObject';
    if (method === 'GET' || method === 'HEAD')
      return query.has('versions') ? 's3:ListBucketVersions' : 's3:ListBucket';
    return `s3:${verb(method)}Bucket`;
  }
  if (query.has('uploadId') && method === 'DELETE') return 's3:AbortMultipartUpload';
  if (query.has('tagging')) return `s3:${verb(method)}ObjectTagging`;
  return `s3:${verb(method)}Object`;
}

function verb(method: string): string {
  if (method === 'GET' || method === 'HEAD') return 'Get';
  return method === 'DELETE' ? 'Delete' : 'Put';
}

function statements(policy: string): readonly Statement[] {
  const parsed: { readonly Statement?: Statement | readonly Statement[] } = JSON.parse(policy);
  return [parsed.Statement ?? []].flat();
}

function matches(patterns: string | readonly string[] | undefined, value: string): boolean {
  return [patterns ?? []].flat().some((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`, 's').test(value);
  });
}

function isEverybody(principal: unknown): boolean {
  return JSON.stringify(principal ?? '').includes('"*"');
}
