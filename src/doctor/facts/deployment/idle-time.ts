import { defineFact } from '../../fact.ts';

/** Idle time of the load balancer as the configuration file gives it, in seconds; null when it does not. */
export const deploymentIdleTimeFact = defineFact({
  id: 'deployment/idle-time',
  needs: [],
  after: [],
  cost: 'read',
  collect: async (context): Promise<{ readonly seconds: number | null }> =>
    await Promise.resolve({ seconds: context.settings.ingress.loadBalancerIdleSeconds?.value ?? null }),
});
