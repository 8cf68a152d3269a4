import type { ProxyEnv } from '../adapters/net/proxy.ts';
import type { Dialer } from '../ports/dialer.ts';
import type { HelmPort } from '../ports/helm.ts';
import type { KubePort } from '../ports/kube.ts';
import type { LangfusePort, OpenLangfuse } from '../ports/langfuse.ts';
import type { PortOpeners } from '../ports/openers.ts';

/** What the openers may use of the command line. */
export interface WireContext {
  /** One line of the request log, for --debug. */
  readonly debug: (text: string) => void;
  /** Where HTTPS_PROXY and NO_PROXY are read from; none without it. */
  readonly env?: ProxyEnv;
}

/** Joins ports and adapters. Every adapter with its vendor is imported on first use: together they cost half a second. */
export function wirePorts({ debug, env = {} }: WireContext): PortOpeners {
  return {
    openKube: async (access) => await (await import('../adapters/kube.ts')).openKube(access),
    openHelm: lazyHelm,
    dialer: async (kube, namespace) => {
      const { dialerFor } = await import('../adapters/dialer.ts');
      return logged(dialerFor(kube, namespace), debug);
    },
    openPostgres: async (...args) => await (await import('../adapters/postgres.ts')).openPostgres(...args),
    openClickHouse: async (...args) =>
      await (await import('../adapters/clickhouse.ts')).clickHouseOpener(env)(...args),
    openRedis: async (...args) => await (await import('../adapters/redis.ts')).openRedis(...args),
    openObjects: async (...args) =>
      await (await import('../adapters/objects.ts')).objectsOpener(env)(...args),
    openLangfuse: lazyLangfuse(env),
    lookAtCertificate: async (...args) =>
      await (await import('../adapters/certificate.ts')).certificateLooker(env)(...args),
    holdIdle: async (...args) => await (await import('../adapters/idle.ts')).idleHolder(env)(...args),
    encodeSpans: async (...args) => (await import('../adapters/otlp.ts')).encodeSpans(...args),
  };
}

/** Says of each connection where it went, how, and how it ended. */
function logged(dialer: Dialer, debug: (text: string) => void): Dialer {
  return {
    ...dialer,
    async connect(host, port, signal) {
      const startedMs = performance.now();
      const say = (outcome: string): void =>
        debug(
          `connect ${host}:${port} ${dialer.route(host)} ${outcome} ${Math.round(performance.now() - startedMs)} ms`,
        );
      try {
        const stream = await dialer.connect(host, port, signal);
        say('ok');
        return stream;
      } catch (error) {
        say(error instanceof Error && 'code' in error ? String(error.code) : 'failed');
        throw error;
      }
    },
  };
}

function lazyHelm(kube: KubePort): HelmPort {
  return {
    revisions: async (namespace) =>
      await (await import('../adapters/helm.ts')).openHelm(kube).revisions(namespace),
  };
}

/** The port is made at once and its client on the first request, so that opening needs no promise. */
function lazyLangfuse(env: ProxyEnv): OpenLangfuse {
  return (target, access) => {
    let opened: Promise<LangfusePort> | null = null;
    const open = async (): Promise<LangfusePort> =>
      (await import('../adapters/langfuse.ts')).langfuseOpener(env)(target, access);
    const port = async (): Promise<LangfusePort> => await (opened ??= open());
    return {
      get: async (path) => await (await port()).get(path),
      getWithKeys: async (path) => await (await port()).getWithKeys(path),
      send: async (request) => await (await port()).send(request),
      sendWithKeys: async (request) => await (await port()).sendWithKeys(request),
      close: () => void opened?.then((one) => one.close()),
    };
  };
}
