import type { Deployment } from '../deployment/model.ts';
import { deploymentSecrets, makeRedactor } from '../deployment/redact.ts';
import type { Settings } from '../deployment/settings.ts';
import { Skipped } from '../doctor/fact.ts';
import type { OpenPorts } from '../doctor/ports.ts';
import { withOpenPorts } from '../doctor/with-ports.ts';
import { LfctlError } from '../errors/error.ts';
import type { Access } from '../ports/dialer.ts';
import type { KubePort } from '../ports/kube.ts';
import type { LangfusePort } from '../ports/langfuse.ts';
import type { PortOpeners } from '../ports/openers.ts';
import type { Clock } from './follow.ts';
import type { KeyPair } from './keys.ts';
import { keyPair } from './keys.ts';
import type { ProbeWishes, View } from './probes/probe.ts';
import type { Era } from './session.ts';
import type { Stations } from './stations.ts';
import { closeStations, openStations } from './stations.ts';
import { eraOf, projectOf, targetUrl } from './target.ts';

export interface ValidateOptions {
  readonly settings: Settings;
  readonly openers: PortOpeners;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly clock: Clock;
  /** For cleaning up, which goes on after the signal. */
  readonly cleanClock: Clock;
  readonly fingerprint: (value: string) => string;
  readonly signal: AbortSignal;
  /** Hops that must be seen although their store is not configured, and probes that must be ok. */
  readonly require: readonly string[];
  readonly probes: ProbeWishes;
  readonly onProgress: (text: string) => void;
  /** A line that stays, beside the report. */
  readonly onNote: (text: string) => void;
}

/** What is the same for a whole run. */
export interface Run {
  readonly options: ValidateOptions;
  /** By the clock. */
  readonly startedMs: number;
  /** Base URL that everything is sent to. */
  readonly url: string;
  readonly langfuse: LangfusePort;
  /** A client with another pair, or none. */
  readonly openWith: (pair: Pick<KeyPair, 'publicKey' | 'secretKey'> | null) => LangfusePort;
  readonly pair: KeyPair;
  readonly era: Era;
  readonly projectId: string;
  readonly stations: Stations;
  /** Null with URLs alone. */
  readonly deployment: Deployment | null;
  /** The way to Services and stores. */
  readonly access: Access;
  /** @throws LfctlError, Skipped where there is no cluster */
  readonly kube: () => Promise<KubePort>;
  /** Where lfctl runs: outside of the cluster, or in a pod of it. */
  readonly view: Exclude<View, 'cluster'>;
  /** Cuts the pair's and the deployment's secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** Web did not answer, or not as Langfuse does: the first hop fails before a canary is sent. */
export interface Refusal {
  readonly refusal: LfctlError;
  readonly version: string | null;
  readonly startedMs: number;
  readonly redact: Run['redact'];
}

/** One request's answer; a hang is an answer, too: with Redis gone web hangs for half a minute. */
const answerMs = 10_000;
const connectMs = 4000;
/** Connections outlive Ctrl-C for a moment, so that canaries can still be removed. */
const afterAbortMs = 3500;

/** Opens what the work needs and closes it again. */
export async function withPorts<Value>(
  { settings, openers, env, signal }: ValidateOptions,
  work: (opened: OpenPorts) => Promise<Value>,
): Promise<Value> {
  const times = { connectTimeoutMs: connectMs, queryTimeoutMs: answerMs, graceMs: afterAbortMs };
  return await withOpenPorts({ settings, openers, env, signal, ...times }, work);
}

/**
 * Finds web, a key pair, the version, the project, and opens the stores.
 * @throws LfctlError where there is no target; KUBE_* where lfctl's own way to it breaks
 */
export async function start(options: ValidateOptions, opened: OpenPorts): Promise<Run | Refusal> {
  const { settings, openers, clock, onProgress } = options;
  const startedMs = clock.elapsed();
  const deployment = await deploymentOf(settings, opened);
  const url = targetUrl(settings, deployment);
  const pair = keyPair(settings, deployment);
  const redact = makeRedactor([
    pair.secretKey.reveal(),
    ...(deployment === null ? [] : deploymentSecrets(deployment)),
  ]);
  const openWith: Run['openWith'] = (other) => openers.openLangfuse({ url, ...other }, opened.access);
  const langfuse = openWith(pair);
  onProgress('asking for the version');
  try {
    const [era, projectId] = await Promise.all([eraOf(langfuse, deployment), projectOf(langfuse)]);
    const stations = await openStations(opened, settings, deployment, era);
    const { access, ports } = opened;
    const own = { url, langfuse, openWith, pair, redact, deployment, access, kube: ports.kube };
    return { ...own, options, startedMs, era, projectId, stations, view: await viewOf(opened, deployment) };
  } catch (error) {
    langfuse.close();
    // A way of lfctl's own that breaks says nothing about web.
    if (!(error instanceof LfctlError) || error.code.startsWith('KUBE_')) throw error;
    return { refusal: error, version: deployment?.imageVersion ?? null, startedMs, redact };
  }
}

/** Null with URLs alone. @throws LfctlError where a cluster is configured and cannot be read */
async function deploymentOf(settings: Settings, opened: OpenPorts): Promise<Deployment | null> {
  try {
    return await opened.deployment();
  } catch (error) {
    if (error instanceof Skipped) return null;
    if (error instanceof LfctlError && settings.url !== null && settings.publicKey !== null) return null;
    throw error;
  }
}

async function viewOf(opened: OpenPorts, deployment: Deployment | null): Promise<Run['view']> {
  if (deployment === null) return 'machine';
  return (await opened.ports.kube()).context.inCluster ? 'pod' : 'machine';
}

/** What `withPorts` does not know of: each client of web or of the object store is opened anew. */
export function closeRun({ langfuse, stations }: Run): void {
  langfuse.close();
  closeStations(stations);
}
