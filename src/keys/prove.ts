/** What each web pod answers to a key: the last word on whether it lets it in. */
import type { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';
import type { Pod } from '../ports/kube-objects.ts';
import { resources } from '../ports/kube-resources.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { pause } from './pause.ts';

/** A web server of its own. */
export interface WebPod {
  /** `pod/langfuse-web-…`, or the URL where no cluster tells the pods. */
  readonly name: string;
  readonly url: string;
}

/** A key as it can be shown to web. Without its secret, that its row is gone is all that web can be asked. */
export interface ShownKey {
  readonly publicKey: string;
  readonly secretKey: Secret | null;
}

/** How one pod took it. */
export interface PodAnswer {
  readonly pod: string;
  readonly taken: 'accepted' | 'refused' | 'unknown';
  /** `401`, or why there is no answer. */
  readonly said: string;
}

/** Every web pod that takes requests. @throws LfctlError KUBE_*; empty where nothing leads to web */
export async function webPods({ deployment, kube, webUrl }: Tenancy): Promise<WebPod[]> {
  if (deployment === null || kube.state !== 'open')
    return webUrl === null ? [] : [{ name: webUrl, url: webUrl }];
  const webs = deployment.components.filter(({ role }) => role === 'web');
  const namespaces = [...new Set(webs.map(({ workload }) => workload.namespace))];
  const pods = await Promise.all(
    namespaces.map(async (namespace) => await kube.port.list<Pod>(resources.pods, { namespace })),
  );
  const byName = new Map(pods.flat().map((pod) => [pod.metadata.name, pod]));
  return webs.flatMap(({ pods: names, port }) =>
    names.flatMap((name) => {
      const pod = byName.get(name);
      const address = pod === undefined || !takesRequests(pod) ? undefined : pod.status?.podIP;
      return address === undefined ? [] : [{ name: `pod/${name}`, url: urlOf(address, port) }];
    }),
  );
}

/** A pod that is not ready may still be asked by who knows its address: only one that runs nothing is left out. */
const takesRequests = ({ status }: Pod): boolean => status?.phase === 'Running';

const urlOf = (address: string, port: number): string =>
  `http://${address.includes(':') ? `[${address}]` : address}:${String(port)}`;

/** Asks every pod at once. */
export async function askPods(
  tenancy: Tenancy,
  pods: readonly WebPod[],
  key: ShownKey,
): Promise<PodAnswer[]> {
  return await Promise.all(pods.map(async (pod) => await askPod(tenancy, pod, key)));
}

/** With Redis gone web holds on to a request for ever; a proof does not. */
const askTimeoutMs = 3000;
const path = '/api/public/projects';

async function askPod(
  { openers, opened }: Tenancy,
  { name, url }: WebPod,
  { publicKey, secretKey }: ShownKey,
): Promise<PodAnswer> {
  const access = { ...opened.access, queryTimeoutMs: askTimeoutMs };
  const pair = secretKey === null ? {} : { publicKey, secretKey };
  const web = openers.openLangfuse({ url, ...pair }, access);
  try {
    const headers = { authorization: `Bearer ${publicKey}` };
    const answer =
      secretKey === null ? await web.send({ method: 'GET', path, headers }) : await web.getWithKeys(path);
    return { pod: name, taken: takenBy(answer.status, answer.body), said: String(answer.status) };
  } catch (error) {
    if (error instanceof LfctlError) return { pod: name, taken: 'unknown', said: error.message };
    throw error;
  } finally {
    web.close();
  }
}

/**
 * A key that is let in and may not do this gets 403, in Langfuse 2 a 401 with other words
 * (web/src/features/public-api/server/apiAuth.ts).
 */
function takenBy(status: number, body: string): PodAnswer['taken'] {
  if (status === 401) return /access denied/i.test(body) ? 'accepted' : 'refused';
  return status === 200 || status === 403 ? 'accepted' : 'unknown';
}

/** What the pods' answers come to. */
export type Proof =
  | {
      readonly state: 'proven';
      readonly pods: number;
      /** `pair`: by a request like a client's; `public key`: web no longer knows its row. */
      readonly by: 'pair' | 'public key';
      readonly ms: number;
    }
  | { readonly state: 'skipped'; readonly why: string };

export interface ProveOptions {
  readonly wanted: 'accepted' | 'refused';
  /** Called before the pods are asked once more. */
  readonly again?: () => Promise<unknown>;
  /** How long a pod may take to come round. */
  readonly withinMs?: number;
}

const comeRoundMs = 3000;
const pauseMs = 50;

/**
 * Asks every web pod until each takes the key as wanted.
 * @throws LfctlError KEY_STILL_ACCEPTED, KEY_NOT_ACCEPTED, KEY_UNPROVEN
 */
export async function prove(tenancy: Tenancy, key: ShownKey, options: ProveOptions): Promise<Proof> {
  const startedMs = performance.now();
  const pods = await podsToAsk(tenancy);
  if (pods.length === 0) return { state: 'skipped', why: noPods(tenancy) };
  for (;;) {
    const answers = await askPods(tenancy, pods, key);
    const ms = Math.round(performance.now() - startedMs);
    if (answers.every(({ taken }) => taken === options.wanted))
      return { state: 'proven', pods: pods.length, by: key.secretKey === null ? 'public key' : 'pair', ms };
    if (ms > (options.withinMs ?? comeRoundMs)) throw unproven(answers, key, options.wanted);
    await options.again?.();
    await pause(pauseMs);
  }
}

/** Sees a new key accepted. Where web is down the key is made all the same, and that it was not tried is said. */
export async function proveNew(
  tenancy: Tenancy,
  key: ShownKey,
  again: () => Promise<unknown>,
): Promise<Proof> {
  try {
    return await prove(tenancy, key, { wanted: 'accepted', again });
  } catch (error) {
    if (!(error instanceof LfctlError) || error.code !== 'KEY_UNPROVEN') throw error;
    return { state: 'skipped', why: error.message };
  }
}

async function podsToAsk(tenancy: Tenancy): Promise<WebPod[]> {
  try {
    return await webPods(tenancy);
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    throw new LfctlError('KEY_UNPROVEN', {
      message: `the web pods are not known: ${error.message}`,
      cause: error,
    });
  }
}

const noPods = ({ deployment }: Tenancy): string =>
  deployment === null ? 'nothing says where web is: set LFCTL_URL' : 'no web pod runs';

function unproven(
  answers: readonly PodAnswer[],
  { publicKey }: ShownKey,
  wanted: ProveOptions['wanted'],
): LfctlError {
  const against = answers.filter(({ taken }) => taken !== wanted);
  const said = against.map(({ pod, said: what }) => `${pod}: ${what}`).join('; ');
  if (against.every(({ taken }) => taken === 'unknown'))
    return new LfctlError('KEY_UNPROVEN', { message: `${publicKey} could not be tried: ${said}` });
  return wanted === 'refused'
    ? new LfctlError('KEY_STILL_ACCEPTED', { message: `${publicKey} is still accepted: ${said}` })
    : new LfctlError('KEY_NOT_ACCEPTED', { message: `${publicKey} is not accepted: ${said}` });
}
