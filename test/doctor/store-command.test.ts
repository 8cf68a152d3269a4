import { describe, expect, it } from 'vitest';
import type { DeploymentView } from '../../src/deployment/view.ts';
import type { Outcome } from '../../src/doctor/fact.ts';
import { psqlCommand, storeCommand } from '../../src/doctor/wording.ts';
import { outcomesWith } from './facts.ts';

const discovery = (change: Parameters<typeof outcomesWith>[0]): Outcome<DeploymentView> =>
  outcomesWith(change).get('deployment/discovery') as Outcome<DeploymentView>;
const inCluster = discovery(() => undefined);

describe("a store client's line", () => {
  it('runs in the pod behind the Service of the store', () => {
    expect(storeCommand(inCluster, 'redis', 'redis-cli ping')).toBe(
      "kubectl exec -n hyperplane-langfuse svc/langfuse-redis -- sh -c 'REDISCLI_AUTH=$REDIS_PASSWORD redis-cli ping'",
    );
    expect(psqlCommand(inCluster, 'select 1')).toBe(
      'kubectl exec -n hyperplane-langfuse svc/langfuse-postgresql -- psql -U langfuse -d langfuse -c "select 1"',
    );
  });

  it('stays as it is where the cluster does not hold the store, or is not known', () => {
    const external = discovery((facts) => {
      facts['deployment/discovery'].stores.redis.placement = { kind: 'external' };
    });
    const unknown = {
      status: 'unknown',
      reason: 'no cluster',
      code: 'KUBE_CONFIG',
    } as unknown as Outcome<DeploymentView>;
    for (const deployment of [external, unknown])
      expect(storeCommand(deployment, 'redis', 'redis-cli ping')).toBe('redis-cli ping');
    expect(psqlCommand(unknown, 'select 1')).toBe('psql -c "select 1"');
  });
});
