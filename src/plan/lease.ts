import { LfctlError } from '../errors/error.ts';
import type { Lease } from '../ports/kube-objects.ts';
import { resources } from '../ports/kube-resources.ts';
import type { KubePort } from '../ports/kube.ts';
import type { LockClock, LockHolder, LockPlaces, PlacedLock } from './lock.ts';

/** A holder that is silent for so long is gone. */
const leaseSeconds = 15;
const renewMs = 5000;
/** No two clocks differ by so much: then the date in the lease alone says that it is stale. */
const longAgoMs = 3_600_000;
const purposeAnnotation = 'lfctl.dev/purpose';

interface Place {
  readonly port: KubePort;
  readonly namespace: string;
  readonly name: string;
}

/** Takes the Lease, or says why it could not be used. @throws LfctlError LOCKED */
export async function takeLease(
  kind: string,
  { port, namespace, release }: NonNullable<LockPlaces['kube']>,
  holder: LockHolder,
  clock: LockClock,
): Promise<PlacedLock | string> {
  const name = ['lfctl', release, kind].filter((part) => part !== null).join('-');
  const place: Place = { port, namespace, name };
  try {
    const found = await port.get<Lease>(resources.leases, namespace, name);
    const stale = found === null || isFree(found) ? null : await waitForSilence(place, found, clock);
    const lease = await write(place, found === null ? null : (stale ?? found), holder, clock.now());
    const notes = stale === null ? [] : [`took over the stale lock of ${holderOf(stale)}`];
    return { ...keepAlive(place, lease, clock), notes };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    // Somebody else was quicker.
    if (error.code === 'KUBE_CONFLICT') throw await lockedNow(place, clock);
    if (error.code === 'KUBE_FORBIDDEN' || error.code === 'KUBE_NOT_FOUND')
      return `no lock in the cluster: ${error.message}`;
    throw error;
  }
}

const isFree = ({ spec }: Lease): boolean => (spec.holderIdentity ?? '') === '';
const holderOf = (lease: Lease): string =>
  `${lease.spec.holderIdentity ?? 'nobody'} (${lease.metadata.annotations?.[purposeAnnotation] ?? 'lfctl'})`;

/**
 * A lease is stale when nobody renewed it while we watched for its whole duration: clocks of two machines
 * may differ, so the time written in it decides only where it is long past. @throws LfctlError LOCKED
 */
async function waitForSilence(place: Place, first: Lease, clock: LockClock): Promise<Lease> {
  const renewed = (lease: Lease): number => Date.parse(lease.spec.renewTime ?? '') || 0;
  if (clock.now().getTime() - renewed(first) > longAgoMs) return first;
  const watchMs = (first.spec.leaseDurationSeconds ?? leaseSeconds) * 1000;
  // A renewal is seen early: most waits end with "it is held" after the first pauses.
  for (let waitedMs = 0; waitedMs < watchMs; waitedMs += renewMs / 2) {
    await clock.pause(renewMs / 2);
    const now = await place.port.get<Lease>(resources.leases, place.namespace, place.name);
    if (now === null || isFree(now)) return now ?? first;
    if (now.metadata.resourceVersion !== first.metadata.resourceVersion) throw locked(now, clock);
  }
  return first;
}

function locked(lease: Lease, clock: LockClock): LfctlError {
  const seconds = Math.round((clock.now().getTime() - Date.parse(lease.spec.acquireTime ?? '')) / 1000);
  const age = Number.isNaN(seconds) ? '' : ` for ${String(Math.max(0, seconds))} s`;
  return new LfctlError('LOCKED', {
    message: `${holderOf(lease)} holds the lock ${lease.metadata.namespace ?? ''}/${lease.metadata.name}${age}`,
  });
}

async function lockedNow({ port, namespace, name }: Place, clock: LockClock): Promise<LfctlError> {
  const now = await port.get<Lease>(resources.leases, namespace, name);
  return now === null
    ? new LfctlError('LOCKED', { message: `another lfctl took ${name}` })
    : locked(now, clock);
}

/** Micro time, as the API has it. */
const micro = (at: Date): string => at.toISOString().replace('Z', '000Z');

async function write(
  { port, namespace, name }: Place,
  old: Lease | null,
  { who, purpose }: LockHolder,
  at: Date,
): Promise<Lease> {
  const spec = {
    holderIdentity: who,
    leaseDurationSeconds: leaseSeconds,
    acquireTime: micro(at),
    renewTime: micro(at),
    leaseTransitions: (old?.spec.leaseTransitions ?? 0) + 1,
  };
  const metadata = {
    name,
    labels: { 'app.kubernetes.io/managed-by': 'lfctl' },
    annotations: { [purposeAnnotation]: purpose },
  };
  if (old === null)
    return await port.create<Lease>(resources.leases, namespace, { kind: 'Lease', metadata, spec });
  const { resourceVersion } = old.metadata;
  const seen = { ...metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  return await port.patch<Lease>(resources.leases, namespace, name, { metadata: seen, spec });
}

/** Renews until it is released; a renewal that fails for a whole duration, or meets another holder, loses it. */
function keepAlive(place: Place, lease: Lease, clock: LockClock): Omit<PlacedLock, 'notes'> {
  const { port, namespace, name } = place;
  const lost = new AbortController();
  let current = lease;
  let renewedAt = clock.now().getTime();
  let busy: Promise<void> = Promise.resolve();
  const patch = async (spec: object): Promise<void> => {
    const { resourceVersion } = current.metadata;
    const metadata = resourceVersion === undefined ? {} : { resourceVersion };
    current = await port.patch<Lease>(resources.leases, namespace, name, { metadata, spec });
  };
  const renew = async (): Promise<void> => {
    try {
      await patch({ renewTime: micro(clock.now()) });
      renewedAt = clock.now().getTime();
    } catch (error) {
      const foreign = error instanceof LfctlError && error.code === 'KUBE_CONFLICT';
      if (foreign || clock.now().getTime() - renewedAt > leaseSeconds * 1000) lost.abort();
    }
  };
  const timer = setInterval(() => void (busy = busy.then(renew)), renewMs);
  timer.unref();
  return {
    lost: lost.signal,
    release: async () => {
      clearInterval(timer);
      await busy;
      if (!lost.signal.aborted) await patch({ holderIdentity: null, renewTime: null, acquireTime: null });
    },
  };
}
