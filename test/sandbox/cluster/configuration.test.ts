import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, KubeSecret } from '../../../src/ports/kube-objects.ts';
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
  bed = await startBuiltBed('configuration');
});

afterAll(() => bed.stop());

function secret(name: string, values: Readonly<Record<string, string>>): KubeSecret {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return { metadata: { name, namespace: 'default' }, data };
}

const waitingFor = async (name: string, reason: string) =>
  until(`${name} ${reason}`, () => {
    const waiting = mainStatus(bed.store, name)?.state?.waiting;
    return waiting?.reason === reason ? waiting : null;
  });

describe('what a container needs', () => {
  it('waits for a Secret that is not there, and starts once it is', async () => {
    const env = [{ name: 'SALT', valueFrom: { secretKeyRef: { name: 'late', key: 'salt' } } }];
    create(bed.store, busybox('no-secret', 'echo "salt=$SALT"; sleep 600', { env }));
    const waiting = await waitingFor('no-secret', 'CreateContainerConfigError');
    expect(waiting.message).toBe('secret "late" not found');
    expect(events(bed.store, 'no-secret')).toContain('Failed: Error: secret "late" not found');
    bed.store.create(kinds.secrets, secret('late', { other: 'x' }));
    await until('the other message', () =>
      mainStatus(bed.store, 'no-secret')?.state?.waiting?.message?.startsWith("couldn't find key"),
    );
    expect(mainStatus(bed.store, 'no-secret')?.state?.waiting?.message).toBe(
      "couldn't find key salt in Secret default/late",
    );
    bed.store.update(kinds.secrets, secret('late', { salt: 'pepper' }));
    await until('it is ready', () => isPodReady(bed.store, 'no-secret'));
    await until('its log', async () => (await logText(bed, 'no-secret')) === 'salt=pepper\n');
  });

  it('waits for a volume that is not there', async () => {
    const volumes = [{ name: 'config', configMap: { name: 'settings' } }];
    const mount = { volumeMounts: [{ name: 'config', mountPath: '/etc/app' }] };
    create(bed.store, busybox('no-volume', 'cat /etc/app/a.txt; sleep 600', mount, { volumes }));
    const message =
      'FailedMount: MountVolume.SetUp failed for volume "config" : configmap "settings" not found';
    await until('FailedMount', () => events(bed.store, 'no-volume').includes(message));
    const map: KubeObject & { data: object } = {
      metadata: { name: 'settings', namespace: 'default' },
      data: { 'a.txt': 'from a map\n' },
    };
    bed.store.create(kinds.configMaps, map);
    await until('its log', async () => (await logText(bed, 'no-volume').catch(() => '')) === 'from a map\n');
  });

  it('never finds a tag that does not exist', async () => {
    create(bed.store, busybox('no-image', null, { image: 'langfuse/langfuse:9.9.9' }));
    const first = await waitingFor('no-image', 'ErrImagePull');
    expect(first.message).toContain('docker.io/langfuse/langfuse:9.9.9: not found');
    await waitingFor('no-image', 'ImagePullBackOff');
    expect(events(bed.store, 'no-image')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Failed: Failed to pull image "langfuse\/langfuse:9.9.9": rpc error/),
        'BackOff: Back-off pulling image "langfuse/langfuse:9.9.9"',
        'Failed: Error: ImagePullBackOff',
      ]),
    );
    expect(podNamed(bed.store, 'no-image')?.status?.phase).toBe('Pending');
    await expect(logText(bed, 'no-image')).rejects.toThrow(
      'container "main" in pod "no-image" is waiting to start: trying and failing to pull image',
    );
  });

  it('stays Pending when no node fits, and goes once one does', async () => {
    const pod = busybox('no-node', null, {}, { nodeSelector: { disk: 'ssd' } });
    create(bed.store, pod);
    const condition = await until('Unschedulable', () =>
      podNamed(bed.store, 'no-node')?.status?.conditions?.find(({ reason }) => reason === 'Unschedulable'),
    );
    expect(condition.message).toBe(
      "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. " +
        'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    );
    expect(events(bed.store, 'no-node')).toContain(`FailedScheduling: ${condition.message}`);
    const node = bed.store.list(kinds.nodes)[0];
    if (node === undefined) throw new Error('no node');
    const { resourceVersion: _, ...metadata } = node.metadata;
    bed.store.update(kinds.nodes, { ...node, metadata: { ...metadata, labels: { disk: 'ssd' } } });
    await until('it is ready', () => isPodReady(bed.store, 'no-node'));
  });

  it('is killed when its memory limit is less than the program needs', async () => {
    create(bed.store, busybox('tiny', 'sleep 600', { resources: { limits: { memory: '64Ki' } } }));
    const terminated = await until('OOMKilled', () => mainStatus(bed.store, 'tiny')?.lastState?.terminated);
    expect(terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
  });

  it('gives the process nothing but the resolved env', async () => {
    process.env['LFCTL_CANARY'] = 'must-not-leak';
    const env = [{ name: 'GREETING', value: 'hello $(WHO) $$(WHO) $(NOBODY)' }];
    bed.store.create(kinds.secrets, secret('prefixed', { WHO: 'world' }));
    const envFrom = [{ secretRef: { name: 'prefixed' } }, { prefix: 'P_', secretRef: { name: 'prefixed' } }];
    create(bed.store, busybox('bare', 'env; sleep 600', { env, envFrom }));
    const text = await until('its log', async () => {
      const log = await logText(bed, 'bare').catch(() => '');
      return log.includes('GREETING') ? log : null;
    });
    delete process.env['LFCTL_CANARY'];
    const names = text
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    const expected = 'GREETING HOSTNAME KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT P_WHO PATH WHO';
    expect(new Set(names)).toEqual(new Set(expected.split(' ')));
    expect(text).toContain('GREETING=hello world $(WHO) $(NOBODY)\n');
    expect(text).toContain('P_WHO=world\n');
  });
});
