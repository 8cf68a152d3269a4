import { isIP } from 'node:net';
import type { Placement } from '../model.ts';

/** Who can open a link with this host: pods alone, everybody, or not known. */
export type Reach = 'inside' | 'outside' | 'unknown';

/** Where a host leads by its name alone: what only a cluster's DNS knows, nobody outside resolves. */
export function isClusterName(host: string): boolean {
  if (isIP(host) !== 0) return /^(127\.|::1$)/.test(host);
  return !host.includes('.') || /\.(svc|cluster\.local|localhost|local)\.?$/.test(host);
}

/** By what the address leads to, else by its name. Null is AWS by region. */
export function reachOf(host: string | null, placement: Placement): Reach {
  if (host === null) return placement.kind === 'external' ? 'outside' : 'unknown';
  if (placement.kind === 'service' || placement.kind === 'no-service' || isClusterName(host)) return 'inside';
  return placement.kind === 'external' ? 'outside' : 'unknown';
}
