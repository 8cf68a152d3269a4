import { describe, expect, it } from 'vitest';
import type { Cause } from '../../src/doctor/report.ts';
import { causeOf } from '../../src/validate/cause.ts';

const cause = (id: string, severity: Cause['severity'] = 'error'): Cause =>
  ({ id, severity }) as unknown as Cause;
const idOf = (...given: Parameters<typeof causeOf>): string | null => causeOf(...given)?.id ?? null;

describe('the cause of a lost canary', () => {
  it('is the first serious one', () => {
    expect(idOf('queue', [cause('web/keep-alive', 'warning'), cause('worker/running')])).toBe(
      'worker/running',
    );
    expect(idOf('queue', [cause('web/keep-alive', 'warning')])).toBeNull();
  });

  it('is none of the worker or its queues where web itself refuses', () => {
    const causes = [cause('queue/failed'), cause('worker/running', 'critical')];
    expect(idOf('http', causes)).toBeNull();
    expect(idOf('http', [...causes, cause('redis/reachable')])).toBe('redis/reachable');
    expect(idOf('store', causes)).toBe('queue/failed');
  });
});
