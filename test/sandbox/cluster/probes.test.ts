import { kill } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Bed,
  busybox,
  create,
  events,
  isPodReady,
  logText,
  mainStatus,
  podNamed,
  until,
} from './bed.ts';
import { startBuiltBed } from './built-bed.ts';

let bed: Bed;

beforeAll(async () => {
  bed = await startBuiltBed('probes');
});

afterAll(() => bed.stop());

const httpGet = (path: string) => ({ path, port: 8080 });
const server = 'echo up > /index; httpd -f -p 8080 -h /';

describe('a readiness probe', () => {
  it('decides over Ready, with the reason in an event', async () => {
    const readinessProbe = { httpGet: httpGet('/later'), periodSeconds: 5, failureThreshold: 1 };
    create(bed.store, busybox('later', server, { readinessProbe }));
    const address = await until('Unhealthy', () => {
      const { podIP } = podNamed(bed.store, 'later')?.status ?? {};
      const text = 'Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404';
      return events(bed.store, 'later').includes(text) ? podIP : null;
    });
    expect(isPodReady(bed.store, 'later')).toBe(false);
    const ready = podNamed(bed.store, 'later')?.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
    });
    expect(mainStatus(bed.store, 'later')).toMatchObject({ ready: false, started: true, restartCount: 0 });
    expect(address).toMatch(/^127\./);

    const touch = await bed.kubelet.exec(
      'default',
      'later',
      'main',
      ['sh', '-c', 'echo x > /later'],
      noStreams,
    );
    expect(await touch.exitCode).toBe(0);
    await until('ready', () => isPodReady(bed.store, 'later'));
  });

  it('names what refused', async () => {
    const readinessProbe = { tcpSocket: { port: 9 }, periodSeconds: 5 };
    create(bed.store, busybox('refused', null, { readinessProbe }));
    const text = await until('Unhealthy', () =>
      events(bed.store, 'refused').find((each) => each.startsWith('Unhealthy')),
    );
    const { podIP } = podNamed(bed.store, 'refused')?.status ?? {};
    expect(text).toBe(`Unhealthy: Readiness probe failed: dial tcp ${podIP}:9: connect: connection refused`);
  });
});

describe('a liveness probe', () => {
  it('restarts what stops answering: SIGTERM, then SIGKILL', async () => {
    const livenessProbe = {
      httpGet: httpGet('/index'),
      periodSeconds: 5,
      failureThreshold: 2,
      initialDelaySeconds: 20,
    };
    const readinessProbe = { httpGet: httpGet('/index'), periodSeconds: 5 };
    create(bed.store, busybox('hangs', server, { livenessProbe, readinessProbe }));
    await until('it runs', () => isPodReady(bed.store, 'hangs'));
    const pid = bed.kubelet.processes().find(({ pod }) => pod === 'hangs')?.pid ?? 0;
    kill(pid, 'SIGSTOP');
    await until('a restart', () => mainStatus(bed.store, 'hangs')?.restartCount === 1);
    expect(mainStatus(bed.store, 'hangs')?.lastState?.terminated).toMatchObject({
      exitCode: 137,
      reason: 'Error',
    });
    expect(events(bed.store, 'hangs')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Unhealthy: Liveness probe failed: Get ".*": context deadline exceeded/),
        'Killing: Container main failed liveness probe, will be restarted',
      ]),
    );
  });

  it('does not take for dead what only begins to listen', async () => {
    const livenessProbe = { httpGet: httpGet('/index'), periodSeconds: 1, failureThreshold: 1 };
    const readinessProbe = { httpGet: httpGet('/index'), periodSeconds: 5 };
    create(bed.store, busybox('slow', `sleep 1; ${server}`, { livenessProbe, readinessProbe }));
    await until('a refused probe', () =>
      events(bed.store, 'slow').some((each) => /^Unhealthy: Liveness .*connection refused$/.test(each)),
    );
    await until('ready', () => isPodReady(bed.store, 'slow'));
    expect(mainStatus(bed.store, 'slow')).toMatchObject({ restartCount: 0 });
  });

  it('waits for the startup probe', async () => {
    const startupProbe = { exec: { command: ['cat', '/started'] }, periodSeconds: 5, failureThreshold: 1000 };
    const livenessProbe = { exec: { command: ['false'] }, periodSeconds: 5, failureThreshold: 1 };
    create(bed.store, busybox('starts', 'sleep 20; sleep 600', { startupProbe, livenessProbe }));
    await until('a failed startup probe', () =>
      events(bed.store, 'starts').includes(
        "Unhealthy: Startup probe failed: cat: can't open '/started': No such file or directory",
      ),
    );
    expect(mainStatus(bed.store, 'starts')).toMatchObject({ ready: false, started: false, restartCount: 0 });
    const touch = await bed.kubelet.exec(
      'default',
      'starts',
      'main',
      ['sh', '-c', 'echo > /started'],
      noStreams,
    );
    expect(await touch.exitCode).toBe(0);
    await until('the liveness probe', () => (mainStatus(bed.store, 'starts')?.restartCount ?? 0) > 0);
  });
});

const noStreams = { stdin: false, tty: false };

describe('several containers', () => {
  it('wait for init containers, and show a sidecar without a process of its own', async () => {
    const spec = {
      initContainers: [{ name: 'prepare', image: 'busybox', command: ['sh', '-c', 'echo ready'] }],
      containers: [
        {
          name: 'istio-proxy',
          image: 'docker.io/istio/proxyv2:1.24.1',
          args: ['proxy', 'sidecar'],
          readinessProbe: { httpGet: { path: '/healthz/ready', port: 15_021 } },
        },
        { name: 'main', image: 'valkey/valkey:8', command: ['valkey-server'] },
      ],
    };
    create(bed.store, busybox('several', null, {}, spec));
    await until('ready', () => isPodReady(bed.store, 'several'));
    const { status } = podNamed(bed.store, 'several') ?? {};
    expect(status?.initContainerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
    });
    expect(status?.containerStatuses?.map(({ name, ready }) => [name, ready])).toEqual([
      ['istio-proxy', true],
      ['main', true],
    ]);
    expect(
      bed.kubelet
        .processes()
        .filter(({ pod }) => pod === 'several')
        .map(({ container }) => container),
    ).toEqual(['main']);
    const env = await bed.kubelet.exec(
      'default',
      'several',
      'istio-proxy',
      ['printenv', 'HOSTNAME'],
      noStreams,
    );
    expect(await env.exitCode).toBe(0);
    const text = await logText(bed, 'several', { container: 'istio-proxy' });
    expect(text).toContain('Envoy proxy is ready');
  });

  it('does not start before a failing init container is through', async () => {
    const initContainers = [{ name: 'prepare', image: 'busybox', command: ['sh', '-c', 'exit 7'] }];
    create(bed.store, busybox('blocked', null, {}, { initContainers }));
    await until(
      'its back-off',
      () =>
        podNamed(bed.store, 'blocked')?.status?.initContainerStatuses?.[0]?.state?.waiting?.reason ===
        'CrashLoopBackOff',
    );
    expect(mainStatus(bed.store, 'blocked')?.state?.waiting?.reason).toBe('PodInitializing');
    expect(podNamed(bed.store, 'blocked')?.status?.phase).toBe('Pending');
  });
});
