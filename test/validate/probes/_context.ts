/** A context for probes: Langfuse, stores and ways to them as functions. */
import { discover } from '../../../src/deployment/discovery/discover.ts';
import type { Deployment } from '../../../src/deployment/model.ts';
import { Secret } from '../../../src/deployment/secret.ts';
import { LfctlError } from '../../../src/errors/error.ts';
import type { Access } from '../../../src/ports/dialer.ts';
import type { HttpAnswer, HttpRequest, LangfusePort, LangfuseTarget } from '../../../src/ports/langfuse.ts';
import type { PortOpeners } from '../../../src/ports/openers.ts';
import type { PostgresPort } from '../../../src/ports/postgres.ts';
import { makeCanary } from '../../../src/validate/canary.ts';
import type { Canary, CanaryIds } from '../../../src/validate/canary.ts';
import type { ProbeContext, ProbeWishes } from '../../../src/validate/probes/probe.ts';
import type { Run, ValidateOptions } from '../../../src/validate/start.ts';
import { fakeKube } from '../../deployment/fake-kube.ts';
import { runbook, settings } from '../../deployment/installations.ts';

export const now = new Date('2026-11-21T12:00:00Z');
export const canary: Canary = makeCanary('project', 'otlp-json', now);
const noWishes: ProbeWishes = { skip: [], idleMs: null, litellm: false, publicUrl: null };

/** How a request was made: to which base URL, with keys or without, and by which way. */
export interface Asked extends HttpRequest {
  readonly url: string;
  readonly keys: boolean;
  readonly from: 'here' | 'inside';
}

/** Answers a request, or throws the error of a way that is none. */
export type Reply = (asked: Asked) => HttpAnswer;

const refuse = (what: string) => (): Promise<never> => Promise.reject(new Error(`unused: ${what}`));

const access = (way: string): Access => ({
  dialer: { connect: refuse(way), route: () => 'direct' },
  connectTimeoutMs: 1,
  queryTimeoutMs: 1,
  signal: new AbortController().signal,
});

export const here = access('here');
const inside = access('inside');

/** The runbook's installation as discovery finds it, with parts of it as given. */
export async function deployment(parts: Partial<Deployment> = {}): Promise<Deployment> {
  return { ...(await discover(fakeKube(runbook()), settings())), ...parts };
}

interface Parts {
  readonly reply?: Reply;
  readonly run?: Partial<Run>;
  readonly openers?: Partial<PortOpeners>;
  readonly options?: Partial<ValidateOptions>;
  readonly wishes?: Partial<ProbeWishes>;
  readonly arrived?: Canary | null;
}

/** Everything that a probe may use; what a test does not give fails when it is used. */
export function contextOf(
  parts: Parts,
): ProbeContext & { readonly asked: Asked[]; readonly traces: CanaryIds[] } {
  const asked: Asked[] = [];
  const traces: CanaryIds[] = [];
  const clientOf = (target: LangfuseTarget, way: Access): LangfusePort => {
    const send = (keys: boolean) => async (request: HttpRequest) => {
      const one: Asked = { ...request, url: target.url, keys, from: way === here ? 'here' : 'inside' };
      asked.push(one);
      if (parts.reply === undefined) throw new Error(`unused: ${request.path}`);
      return await Promise.resolve(parts.reply(one));
    };
    if (target.secretKey !== undefined && target.publicKey === undefined) throw new Error('half a pair');
    const hasKeys = target.secretKey !== undefined;
    return {
      get: async (path) => await send(false)({ method: 'GET', path }),
      getWithKeys: async (path) => await send(hasKeys)({ method: 'GET', path }),
      send: send(false),
      sendWithKeys: send(hasKeys),
      close: () => undefined,
    };
  };
  const pair = { publicKey: 'pk-lf-own', secretKey: new Secret('sk-lf-own'), origin: 'test' };
  const url = 'http://langfuse.ns.svc.cluster.local:3000';
  let elapsedMs = 0;
  const options: ValidateOptions = {
    settings: settings(),
    openers: { ...openers, openLangfuse: clientOf, ...parts.openers },
    env: {},
    now: () => now,
    clock: {
      elapsed: () => elapsedMs,
      pause: (ms) => {
        elapsedMs += ms;
        return Promise.resolve();
      },
    },
    cleanClock: { elapsed: () => 0, pause: () => Promise.resolve() },
    fingerprint: () => 'ffffffff',
    signal: new AbortController().signal,
    require: [],
    probes: { ...noWishes, ...parts.wishes },
    onProgress: () => undefined,
    onNote: () => undefined,
    ...parts.options,
  };
  const closed = { state: 'skipped', detail: 'not configured' } as const;
  const run: Run = {
    options,
    startedMs: 0,
    url,
    langfuse: clientOf({ url, ...pair }, inside),
    openWith: (other) => clientOf({ url, ...other }, inside),
    pair,
    era: { version: '3.199.0', generation: 3, mode: 'clickhouse' },
    projectId: 'project',
    stations: { postgres: closed, clickhouse: closed, redis: closed, objects: closed, media: closed },
    deployment: null,
    access: inside,
    kube: refuse('kube'),
    view: 'machine',
    redact: (text) => text,
    ...parts.run,
  };
  return {
    run,
    wishes: options.probes,
    here,
    inside,
    arrived: Promise.resolve(parts.arrived === undefined ? canary : parts.arrived),
    canary,
    onTrace: (trace) => void traces.push(trace),
    asked,
    traces,
  };
}

const openers: PortOpeners = {
  openKube: refuse('openKube'),
  openHelm: () => ({ revisions: refuse('helm') }),
  dialer: refuse('dialer'),
  openPostgres: refuse('openPostgres'),
  openClickHouse: refuse('openClickHouse'),
  openRedis: refuse('openRedis'),
  openObjects: refuse('openObjects'),
  openLangfuse: () => {
    throw new Error('unused: openLangfuse');
  },
  encodeSpans: refuse('encodeSpans'),
  lookAtCertificate: refuse('lookAtCertificate'),
  holdIdle: refuse('holdIdle'),
};

/** A Postgres that gives rows by a word of the statement. */
export function postgresOf(rows: Readonly<Record<string, readonly unknown[]>>): PostgresPort {
  return {
    query: async <Row>(sql: string) => {
      const word = Object.keys(rows).find((each) => sql.includes(each));
      if (word === undefined) throw new Error(`unused: ${sql}`);
      return await Promise.resolve([...(rows[word] ?? [])] as Row[]);
    },
    change: refuse('change'),
    lock: refuse('lock'),
    close: () => Promise.resolve(),
  };
}

export const failure = (code: LfctlError['code'], message = `HTTP at host:443: ${code}`): LfctlError =>
  new LfctlError(code, { message });
