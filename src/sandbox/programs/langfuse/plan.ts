import type { Settings } from './settings.ts';

/** What the instance's licence allows (web/src/features/entitlements/server/getPlan.ts). */
export type Plan = 'oss' | 'self-hosted:pro' | 'self-hosted:enterprise';

/** The plan by how LANGFUSE_EE_LICENSE_KEY begins; anything else counts as none. */
export function planOf({ text }: Settings): Plan {
  const licence = text('LANGFUSE_EE_LICENSE_KEY') ?? '';
  if (licence.startsWith('langfuse_ee_')) return 'self-hosted:enterprise';
  return licence.startsWith('langfuse_pro_') ? 'self-hosted:pro' : 'oss';
}

/**
 * Whether a plan, also one that a cached key brings, has the admin API, retention and roles of projects: they come
 * together (web/src/features/entitlements/constants/entitlements.ts).
 */
export function isEntitled(plan: string): boolean {
  return plan === 'self-hosted:enterprise';
}
