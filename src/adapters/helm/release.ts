import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';

const text = v.optional(v.string(), '');

/** The fields of a stored release that lfctl reads: https://pkg.go.dev/helm.sh/helm/v3/pkg/release#Release */
const releaseSchema = v.object({
  info: v.object({
    status: v.string(),
    last_deployed: v.optional(v.nullable(v.string()), null),
    description: text,
  }),
  chart: v.object({
    metadata: v.object({ name: v.string(), version: text, appVersion: text }),
  }),
  config: v.optional(v.nullable(v.record(v.string(), v.unknown())), null),
});

/** What one record says. */
export interface StoredRelease {
  readonly status: string;
  readonly chart: string;
  readonly chartVersion: string;
  readonly appVersion: string;
  readonly deployedAt: string | null;
  readonly description: string;
  /** User-supplied values; may hold secrets and must not leave the adapter. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A Secret holds at most 1 MiB; unpacked more than this is a bomb, not a chart. */
const unpackedLimitBytes = 64 * 1024 * 1024;

/**
 * Kubernetes' base64 around Helm's base64 around gzip around JSON; before Helm 2.0 there was no gzip, and plain
 * JSON is still read. Null when it is none of this.
 */
export function decodeRelease(data: string | undefined): StoredRelease | null {
  if (data === undefined) return null;
  try {
    const packed = Buffer.from(Buffer.from(data, 'base64').toString('latin1'), 'base64');
    const gzip = packed[0] === 0x1f && packed[1] === 0x8b;
    const json = gzip ? gunzipSync(packed, { maxOutputLength: unpackedLimitBytes }) : packed;
    const { info, chart, config } = v.parse(releaseSchema, JSON.parse(json.toString('utf8')));
    return {
      status: info.status,
      chart: chart.metadata.name,
      chartVersion: chart.metadata.version,
      appVersion: chart.metadata.appVersion,
      deployedAt: instant(info.last_deployed),
      description: info.description,
      values: config ?? {},
    };
  } catch {
    return null;
  }
}

/** Go writes local time with nanoseconds; the zero time means never. */
function instant(text: string | null): string | null {
  if (text === null || text.startsWith('0001-')) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
