import type { ObjectsTarget } from '../../ports/objects.ts';

/** Host, port and scheme of an object store. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** The endpoint that is given, or AWS' own of the region: https://docs.aws.amazon.com/general/latest/gr/s3.html */
export function endpointOf(target: ObjectsTarget): Endpoint {
  if (target.endpoint === null) return { host: `s3.${target.region}.amazonaws.com`, port: 443, tls: true };
  const url = new URL(target.endpoint);
  const tls = url.protocol === 'https:';
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || (tls ? 443 : 80)), tls };
}
