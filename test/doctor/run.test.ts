import { describe, expect, it } from 'vitest';
import type { DoctorOptions } from '../../src/doctor/run.ts';
import { checks } from '../../src/doctor/checks/index.gen.ts';
import { runDoctor } from '../../src/doctor/run.ts';
import { watchDoctor } from '../../src/doctor/watch.ts';
import type { PortOpeners } from '../../src/ports/openers.ts';
import { LfctlError } from '../../src/errors/error.ts';
import type { FakeCluster } from '../deployment/fake-kube.ts';
import { fakeKube, workload } from '../deployment/fake-kube.ts';
import { canary, official, runbook, settings, together, web } from '../deployment/installations.ts';

/** Every store refuses; the cluster is the given one. */
function openers(cluster: FakeCluster | null, opened: string[] = []): PortOpeners {
  const refuse =
    (code: 'POSTGRES_REFUSED' | 'CLICKHOUSE_REFUSED' | 'REDIS_REFUSED' | 'OBJECTS_REFUSED') => () => {
      opened.push(code);
      return Promise.reject(new LfctlError(code, { message: `refused ${code}` }));
    };
  const silent = (): Promise<never> =>
    Promise.reject(new LfctlError('LANGFUSE_REFUSED', { message: 'refused' }));
  return {
    openKube: () => {
      opened.push('kube');
      return cluster === null
        ? Promise.reject(new LfctlError('KUBE_UNREACHABLE', { message: 'no API at fake' }))
        : Promise.resolve(fakeKube(cluster));
    },
    openHelm: () => ({ revisions: () => Promise.resolve([]) }),
    openPostgres: refuse('POSTGRES_REFUSED'),
    openClickHouse: refuse('CLICKHOUSE_REFUSED'),
    openRedis: refuse('REDIS_REFUSED'),
    openObjects: refuse('OBJECTS_REFUSED'),
    lookAtCertificate: () => Promise.reject(new Error('unused')),
    holdIdle: () => Promise.reject(new Error('unused')),
    encodeSpans: () => Promise.reject(new Error('unused')),
    openLangfuse: () => ({
      get: silent,
      getWithKeys: silent,
      send: silent,
      sendWithKeys: silent,
      close: () => undefined,
    }),
    dialer: () =>
      Promise.resolve({ connect: () => Promise.reject(new Error('unused')), route: () => 'port-forward' }),
  };
}

const doctor = (ports: PortOpeners, more: Partial<DoctorOptions> = {}): DoctorOptions => ({
  settings: settings(),
  openers: ports,
  env: {},
  now: () => new Date(),
  fingerprint: (value) => `f${value.length}`,
  signal: new AbortController().signal,
  only: [],
  skip: [],
  require: [],
  strict: false,
  probe: false,
  ...more,
});

describe('one run', () => {
  it('judges every check of a cluster whose stores refuse, without a secret in report or facts', async () => {
    const run = await runDoctor(doctor(openers(runbook())));
    expect(run.report.checks).toHaveLength(checks.length);
    expect(run.report.checks.filter((row) => row.reason?.includes('a fault of lfctl') === true)).toEqual([]);
    expect(run.deployment?.namespace).toBe('hyperplane-langfuse');
    expect(JSON.stringify([run.report, [...run.outcomes]])).not.toContain(canary);
  });

  it('opens each port once for the reading facts', async () => {
    const opened: string[] = [];
    await runDoctor(doctor(openers(runbook(), opened), { only: ['redis/eviction', 'queue'] }));
    expect(opened.toSorted()).toEqual(['REDIS_REFUSED', 'kube']);
  });

  it('a store that refuses blocks what needs it', async () => {
    const { report } = await runDoctor(doctor(openers(runbook()), { only: ['redis', 'queue'] }));
    const row = (id: string) => report.checks.find((check) => check.id === id);
    expect(row('redis/reachable')?.status).toBe('fail');
    expect(row('queue/backlog')).toMatchObject({ status: 'blocked', blockedBy: 'redis/reachable' });
  });

  it('no fact of cost active runs unasked', async () => {
    const { outcomes } = await runDoctor(doctor(openers(runbook()), { only: ['litellm/reachable'] }));
    expect(outcomes.get('litellm/probe')).toMatchObject({ status: 'skipped', reason: 'needs --probe' });
  });

  it.each([
    [{ only: ['redi'] }, 'redi'],
    [{ skip: ['nope/*'] }, 'nope/*'],
    [{ require: ['bucket'] }, 'bucket'],
  ])('%j is a wrong name, before anything is opened', async (more, name) => {
    const opened: string[] = [];
    await expect(runDoctor(doctor(openers(runbook(), opened), more))).rejects.toMatchObject({
      code: 'USAGE',
      message: `no check matches ${name}`,
    });
    expect(opened).toEqual([]);
  });
});

describe('no deployment', () => {
  it('says how to choose among several', async () => {
    const cluster = { objects: together(official('blue', 'a'), official('green', 'b')) };
    await expect(runDoctor(doctor(openers(cluster)))).rejects.toMatchObject({
      code: 'DEPLOYMENT_AMBIGUOUS',
      fixes: expect.arrayContaining([
        { text: 'name one of them', command: 'lfctl status --namespace a' },
      ]) as unknown,
    });
  });

  it('a cluster that does not answer is the error of the run', async () => {
    await expect(runDoctor(doctor(openers(null)))).rejects.toMatchObject({ code: 'KUBE_UNREACHABLE' });
  });

  it('neither cluster nor URL', async () => {
    const given = settings();
    const none = { ...given, kubernetes: { ...given.kubernetes, enabled: false } };
    await expect(runDoctor(doctor(openers(null), { settings: none }))).rejects.toMatchObject({
      code: 'NOT_CONFIGURED',
    });
  });

  it('an interrupted run ends as interrupted', async () => {
    const signal = AbortSignal.abort(new Error('SIGINT'));
    await expect(runDoctor(doctor(openers(runbook()), { signal }))).rejects.toThrow('SIGINT');
  });
});

describe('the version that runs', () => {
  it('decides where the tag says nothing', async () => {
    const digest = `langfuse/langfuse@sha256:${'a'.repeat(64)}`;
    const cluster = runbook((objects) => {
      const container = web('langfuse', [{ secretRef: { name: 'langfuse-env' } }], digest);
      objects['deployments'] = [workload('langfuse', 'hyperplane-langfuse', [container])];
    });
    const only = ['queue/backlog', 'web/health'];
    const row = async (version: string) => {
      const ports = { ...openers(cluster), openLangfuse: () => answering(version) };
      const run = await runDoctor(doctor(ports, { only }));
      expect(run.version).toBe(version);
      return run.report.checks.find((check) => check.id === 'queue/backlog');
    };
    expect(await row('2.95.12')).toMatchObject({ status: 'skipped', reason: 'does not apply to Langfuse 2' });
    expect((await row('4.16.0'))?.status).toBe('unknown');
  });
});

function answering(version: string) {
  const answer = {
    status: 200,
    ms: 1,
    keepAliveSeconds: 5,
    contentType: 'application/json',
    body: `{"status":"OK","version":"${version}"}`,
    truncated: false,
  };
  return {
    get: () => Promise.resolve(answer),
    getWithKeys: () => Promise.resolve(answer),
    send: () => Promise.resolve(answer),
    sendWithKeys: () => Promise.resolve(answer),
    close: () => undefined,
  };
}

describe('--wait', () => {
  const slow = (healthyAfter: number) => {
    let looks = 0;
    let nowMs = 0;
    const broken = openers(null);
    const options = doctor(broken, {
      only: ['kube/replicas'],
      now: () => new Date((nowMs += 1)),
      openers: {
        ...broken,
        openKube: () => {
          looks += 1;
          const replicas = looks > healthyAfter ? 1 : 0;
          return Promise.resolve(
            fakeKube(
              runbook((objects) => {
                const [web] = objects['deployments'] ?? [];
                Object.assign((web as never as { spec: object }).spec, { replicas });
              }),
            ),
          );
        },
      },
    });
    return { options, looks: () => looks };
  };

  it('looks once without it', async () => {
    const { options, looks } = slow(5);
    expect((await watchDoctor(options, 0, () => undefined)).report.verdict).toBe('findings');
    expect(looks()).toBe(1);
  });

  it('looks again until it is healthy, and tells each look', async () => {
    const { options, looks } = slow(1);
    const told: string[] = [];
    const run = await watchDoctor(options, 60_000, ({ report }) => told.push(report.verdict));
    expect([run.report.verdict, looks(), told]).toEqual(['healthy', 2, ['findings']]);
  });

  it('ends with the signal while it waits', async () => {
    const { options } = slow(9);
    const stop = new AbortController();
    const run = watchDoctor({ ...options, signal: stop.signal }, 60_000, () => stop.abort());
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  });
});
