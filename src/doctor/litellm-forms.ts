import { lt } from 'semver';
import { tagVersion } from '../deployment/image.ts';

/** How a callback sends: as JSON events, as OTLP, or not known: that depends on LiteLLM's version. */
export type Form = 'json' | 'otlp' | 'unknown';

/** The langfuse callback sends OTLP by langfuse-python 4 from here on (BerriAI/litellm, seen on 1.103.11 and 1.104.0). */
const otlpCallbackSince = '1.104.0';

/** LiteLLM's version as its image names it; null for a tag that says less. */
export function proxyVersionOf(image: string): string | null {
  const version = tagVersion(image);
  return version !== null && /^\d+\.\d+\.\d+$/.test(version) ? version : null;
}

/** One of several that is taken is enough. */
export function formsOf(callbacks: readonly string[], proxy: string | null): readonly Form[] {
  const old = proxy === null ? 'unknown' : lt(proxy, otlpCallbackSince) ? 'json' : 'otlp';
  return [
    ...(callbacks.includes('langfuse_otel') ? (['otlp'] as const) : []),
    ...(callbacks.includes('langfuse') ? ([old] as const) : []),
  ];
}
