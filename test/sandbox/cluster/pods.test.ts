import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kinds } from '../../../src/sandbox/cluster/kinds.ts';
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
  bed = await startBuiltBed('pods');
});

afterAll(() => bed.stop());

const main = (name: string) => mainStatus(bed.store, name);
const ready = async (name: string) => until(`${name} ready`, () => isPodReady(bed.store, name));

describe('a pod', () => {
  it('runs, shows its address and its log, and ends', async () => {
    create(bed.store, busybox('steady', 'echo hello; sleep 600'));
    await ready('steady');
    const pod = podNamed(bed.store, 'steady');
    expect(pod?.status).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^127\./) });
    await until('the log', async () => (await logText(bed, 'steady')) === 'hello\n');
    bed.store.remove(kinds.pods, 'default', 'steady');
    await until('it is gone', () => podNamed(bed.store, 'steady') === null);
    expect(bed.kubelet.processes().some(({ pod }) => pod === 'steady')).toBe(false);
  });

  it('crashes into CrashLoopBackOff with the real numbers, and keeps the previous log', async () => {
    create(bed.store, busybox('crash', 'echo boom; exit 3'));
    const status = await until('a second back-off', () => {
      const found = main('crash');
      return found?.state?.waiting?.message?.startsWith('back-off 20s') === true ? found : null;
    });
    const uid = podNamed(bed.store, 'crash')?.metadata.uid;
    expect(status).toMatchObject({
      ready: false,
      restartCount: 2,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 20s restarting failed container=main pod=crash_default(${uid})`,
        },
      },
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    expect(await logText(bed, 'crash', { previous: true })).toBe('boom\n');
    expect(events(bed.store, 'crash')).toContain(
      `BackOff: Back-off restarting failed container main in pod crash_default(${uid})`,
    );
  });

  it('takes what its process has started along when that is killed', async () => {
    const container = { image: 'redis:7', readinessProbe: { tcpSocket: { port: 6379 }, periodSeconds: 5 } };
    create(bed.store, busybox('group', null, container));
    await ready('group');
    const pid = bed.kubelet.processes().find(({ pod }) => pod === 'group')?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await until('a restart', () => main('group')?.restartCount === 1);
    expect(main('group')?.lastState?.terminated?.exitCode).toBe(137);
    await ready('group');
    expect(main('group')?.restartCount).toBe(1);
  });

  it('tells when this machine fails it, and goes on once that is over', async () => {
    const pods = join(bed.folder, 'claims');
    await writeFile(pods, 'in the way');
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    const claim = { metadata: { name: 'data', namespace: 'default' }, spec: {} };
    bed.store.create(kinds.claims, claim);
    create(bed.store, busybox('unlucky', null, {}, { volumes }));
    await until('the event', () =>
      events(bed.store, 'unlucky').some((text) => text.startsWith('FailedMount: ENOTDIR')),
    );
    await rm(pods);
    await ready('unlucky');
  });

  it('does not take the kubelet down when its own files cannot be written', async () => {
    const other = await startBuiltBed('unwritable');
    const pods = join(other.folder, 'pods');
    await writeFile(pods, 'in the way');
    create(other.store, busybox('patient', null));
    await until('the event', () =>
      events(other.store, 'patient').some((text) =>
        text.startsWith('FailedSync: error syncing pod: ENOTDIR'),
      ),
    );
    await rm(pods);
    await until('it is ready', () => isPodReady(other.store, 'patient'));
    await other.stop();
  });
});
