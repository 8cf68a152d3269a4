import { setTimeout as sleep } from 'node:timers/promises';
import { LfctlError } from '../../errors/error.ts';
import { serviceUrl } from '../fault-context.ts';
import type { SupervisorStatus } from '../state.ts';
import { readStateJson } from '../state-file.ts';
import type { VerbContext } from './context.ts';
import type { OpenSandbox } from './open.ts';
import { openSandbox } from './open.ts';
import { fixedPair, followSecret, secretPlace, type KeyPair, type KeySource } from './load-keys.ts';
import type { SdkRequest } from './traffic.ts';
import { jsonBatch, shapesFor } from './traffic.ts';

/** What `sandbox load` sends. */
export interface LoadOptions {
  readonly name: string;
  /** Requests a second, evenly spaced. */
  readonly rps: number;
  readonly durationMs: number;
  /** Straight to the Service, or through the load balancer as users come. */
  readonly through: 'service' | 'load-balancer';
  /** The Secret that the key pair is read from, `[NAMESPACE/]NAME`; null for the pair that the sandbox began with. */
  readonly secret: string | null;
}

/** What became of it. */
export interface LoadReport {
  readonly sent: number;
  /** Taken whole: 207 without errors inside, 200 for OTLP. */
  readonly accepted: number;
  /** Answered otherwise, or in part. */
  readonly refused: number;
  /** No answer at all. */
  readonly unanswered: number;
  /** How often each answer came: `207`, `207 with errors`, `502`, `ECONNREFUSED`. */
  readonly answers: Readonly<Record<string, number>>;
  readonly longestMs: number;
  /** How many key pairs it was sent with: more than one when the Secret changed. */
  readonly pairs: number;
}

const answerTimeoutMs = 10_000;

/** Sends traffic in the SDKs' own shapes. @throws LfctlError SANDBOX_NOT_RUNNING */
export async function sandboxLoad(context: VerbContext, options: LoadOptions): Promise<LoadReport> {
  const sandbox = await openSandbox(context, options.name);
  const base = await targetUrl(sandbox, options.through);
  const keys = await keySource(sandbox, options.secret);
  try {
    return report(await sendAll(context, { sandbox, options, base, keys }), keys.pairs());
  } finally {
    keys.close();
  }
}

async function keySource({ secrets, client, names }: OpenSandbox, secret: string | null): Promise<KeySource> {
  if (secret !== null) return followSecret(client, secretPlace(secret, names.namespace));
  return fixedPair({ publicKey: secrets.PUBLIC_KEY, secretKey: secrets.SECRET_KEY });
}

interface Answered {
  readonly text: string;
  readonly ok: boolean;
  readonly ms: number;
}

interface Run {
  readonly sandbox: OpenSandbox;
  readonly options: LoadOptions;
  readonly base: string;
  readonly keys: KeySource;
}

/** Evenly spaced, however long the answers take. @returns one answer for each request that was sent */
async function sendAll(context: VerbContext, { sandbox, options, base, keys }: Run): Promise<Answered[]> {
  const shapes = shapesFor(sandbox.record.generation, sandbox.record.writeMode);
  const answers: Answered[] = [];
  const open = new Set<Promise<unknown>>();
  const total = Math.max(1, Math.round((options.rps * options.durationMs) / 1000));
  const began = performance.now();
  for (let sent = 0; sent < total && !context.signal.aborted; sent += 1) {
    const dueMs = (sent * 1000) / options.rps - (performance.now() - began);
    if (dueMs > 0) await sleep(dueMs, undefined, { signal: context.signal }).catch(() => undefined);
    const shape = shapes[sent % shapes.length] ?? jsonBatch;
    const pair = keys.current();
    const run = send(base, loginOf(pair), shape(pair.publicKey, context.now())).then((answer) =>
      answers.push(answer),
    );
    open.add(run);
    void run.finally(() => open.delete(run));
    context.progress(`sent ${sent + 1} of ${total}`);
  }
  await Promise.all(open);
  return answers;
}

const loginOf = ({ publicKey, secretKey }: KeyPair): string =>
  `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;

async function targetUrl(
  { folder, client, names }: OpenSandbox,
  through: LoadOptions['through'],
): Promise<string> {
  if (through === 'load-balancer') {
    const url = (await readStateJson<SupervisorStatus>(folder.status))?.loadBalancerUrl;
    if (url != null) return url;
    throw new LfctlError('SANDBOX_NOT_RUNNING', { message: 'the load balancer is not served' });
  }
  return serviceUrl(client, { namespace: names.namespace, service: names.webService });
}

async function send(base: string, login: string, request: SdkRequest): Promise<Answered> {
  const began = performance.now();
  const took = (): number => Math.round(performance.now() - began);
  try {
    const answer = await fetch(`${base}${request.path}`, {
      method: 'POST',
      headers: { ...request.headers, authorization: login },
      body: JSON.stringify(request.body),
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    const body = await answer.text();
    const partly = answer.status === 207 && !/"errors":\s*\[\s*\]/.test(body);
    return { text: `${answer.status}${partly ? ' with errors' : ''}`, ok: answer.ok && !partly, ms: took() };
  } catch (cause) {
    return { text: failureText(cause), ok: false, ms: took() };
  }
}

function failureText(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no answer';
  if (cause.name === 'TimeoutError') return `no answer in ${answerTimeoutMs / 1000} s`;
  const code = (cause.cause as NodeJS.ErrnoException | undefined)?.code;
  return code ?? cause.message;
}

function report(answers: readonly Answered[], pairs: number): LoadReport {
  const counts: Record<string, number> = {};
  for (const { text } of answers) counts[text] = (counts[text] ?? 0) + 1;
  const accepted = answers.filter(({ ok }) => ok).length;
  const unanswered = answers.filter(({ text }) => !/^\d{3}/.test(text)).length;
  const longestMs = Math.max(0, ...answers.map(({ ms }) => ms));
  const refused = answers.length - accepted - unanswered;
  return { sent: answers.length, accepted, refused, unanswered, answers: counts, longestMs, pairs };
}
