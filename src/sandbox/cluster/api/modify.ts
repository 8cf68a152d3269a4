import type { Fields } from '../fields.ts';
import { asFields, numberOf, valueAt } from '../fields.ts';
import type { StoredObject } from '../objects.ts';
import { parseBody } from './body.ts';
import type { ApiRequest } from './context.ts';
import { jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import { badRequest, unsupportedMedia } from './status.ts';
import { strategicPatch } from './strategic-patch.ts';

/** The patch formats that the real API takes. */
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
  'application/apply-patch+json': 'apply',
};

/** The kind of patch a request brings. @throws StatusError 415 */
export function patchType(request: ApiRequest): PatchType {
  const media = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const type = patchTypes[media];
  if (type === undefined) throw unsupportedMedia('415: Unsupported Media Type');
  if (type === 'strategic' && request.route.resource.custom) {
    const accepted = Object.keys(patchTypes).filter((each) => !/strategic|apply-patch\+json/.test(each));
    throw unsupportedMedia(
      `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    );
  }
  return type;
}

/** The object after a patch that is not an apply. @throws StatusError 400, 422 */
export async function patched(request: ApiRequest, type: PatchType, target: unknown): Promise<Fields> {
  const patch = await parseBody(request.body);
  switch (type) {
    case 'json':
      return asFields(jsonPatch(target, patch));
    case 'merge':
      return asFields(mergePatch(target, objectPatch(patch)));
    case 'strategic':
    case 'apply':
      return asFields(strategicPatch(target, objectPatch(patch)));
  }
}

function objectPatch(patch: unknown): Fields {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  return patch as Fields;
}

/** The Scale of a workload: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ */
export function scaleOf(object: StoredObject): Fields {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = asFields(valueAt(object, 'spec', 'selector', 'matchLabels'));
  const selector = Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberOf(valueAt(object, 'spec', 'replicas')) },
    status: { replicas: numberOf(valueAt(object, 'status', 'replicas')), selector },
  };
}
