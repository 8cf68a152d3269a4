import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { TextStyle } from '../../../src/cli/command.ts';
import { renderDoctorText } from '../../../src/render/doctor/text.ts';
import { healthy, redisDown, warned } from './report.ts';

const deployment = {
  name: null,
  context: 'sandbox',
  namespace: 'hyperplane-langfuse',
  release: 'langfuse',
  langfuse: { version: '3.199.0', mode: 'clickhouse' },
};
const style = (parts: Partial<TextStyle> = {}): TextStyle => ({
  color: false,
  columns: 80,
  verbose: false,
  interactive: true,
  ...parts,
});

describe('the doctor’s report as text', () => {
  it('says the diagnosis first, then the areas, then the verdict', () => {
    expect(renderDoctorText(redisDown, deployment, style())).toMatchInlineSnapshot(`
      "langfuse in hyperplane-langfuse · Langfuse 3.199.0 (clickhouse)
      context sandbox

      Root cause
        ✗ redis/reachable  critical, since 2026-11-21T02:00:00Z
          No ready pod stands behind the Service langfuse-redis that REDIS_HOST names,
          and the worker logs refused connections.
          seen    endpoints of service/langfuse-redis: 0 ready addresses
          should  at least 1
          again   kubectl -n hyperplane-langfuse get endpoints langfuse-redis -o wide
          seen    log of langfuse-worker-7d9: Error: connect ECONNREFUSED
                  10.0.0.1:6379 <&"
          should  no connection errors
          again   kubectl -n hyperplane-langfuse logs langfuse-worker-7d9 --tail=50
          fix     Start Redis again
                  kubectl -n hyperplane-langfuse scale statefulset/langfuse-redis --replicas=1
          ↳ explains worker/consuming, queue/backlog

      Also found
        ▲ web/keep-alive  warning, 80 % sure
          web closes idle connections after 5 s, the load balancer after 600 s.
          seen    response header: timeout=5
          should  above 600 s
          again   curl -sI http://x
          fix     Set it
                  env:
                    - name: KEEP_ALIVE_TIMEOUT
                      value: "620000"

      config   1 ok, 1 skipped
      redis    1 failing, 1 blocked
        ✗ redis/reachable: No ready pod stands behind the Service langfuse-redis.
        ⊘ redis/auth: blocked by redis/reachable
      worker   1 failing
        ✗ worker/consuming: No job was taken within 1 s.
      objects  1 unknown
        ? objects/reachable: unknown: forbidden: get secrets in hyperplane-minio
      web      1 warning
        ▲ web/keep-alive: 5 s < 600 s

      Verdict: findings (2 causes, 2 failing, 1 warning, 1 unknown, 1 blocked, 1 ok, 1
      skipped, 1.2 s)
      "
    `);
  });

  it('says that all is well in a few lines', () => {
    expect(renderDoctorText(healthy, deployment, style())).toMatchInlineSnapshot(`
      "langfuse in hyperplane-langfuse · Langfuse 3.199.0 (clickhouse)
      context sandbox

      config  1 ok
      redis   1 ok

      Verdict: healthy (2 ok, 321 ms)
      "
    `);
  });

  it('calls a warning no root cause', () => {
    const text = renderDoctorText(warned, null, style());
    expect(text).toMatch(/^Worth a look\n/);
    expect(text).toContain('Verdict: healthy');
  });

  it('shows every check with its time when asked for more', () => {
    const text = renderDoctorText(redisDown, deployment, style({ verbose: true }));
    expect(text).toContain('✓ config/required-env: config/required-env is well 12 ms');
    expect(text).toContain('- config/direct-url: skipped: DIRECT_URL is not set 12 ms');
  });

  it('fits in 40 columns, but for the commands that are there to be copied', () => {
    const lines = renderDoctorText(redisDown, deployment, style({ columns: 40, verbose: true })).split('\n');
    const long = lines.filter((line) => line.length > 40 && !/kubectl|since 2026/.test(line));
    expect(long).toEqual([]);
  });

  it('says the same with colours as without', () => {
    const plain = renderDoctorText(redisDown, deployment, style());
    const colored = renderDoctorText(redisDown, deployment, style({ color: true }));
    expect(colored).not.toBe(plain);
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });

  it('needs nothing but ASCII where that is all there is', () => {
    const text = renderDoctorText(redisDown, deployment, style({ ascii: true, verbose: true }));
    expect(text).toMatch(/^[\n\u0020-\u007E]*$/);
  });

  it('lets no pod write to the terminal', () => {
    const text = renderDoctorText(redisDown, deployment, style({ color: true }));
    expect(text).not.toContain('\u001B[31mError');
    expect(text).not.toContain('\u0007');
    expect(text).not.toContain('\r');
  });
});
