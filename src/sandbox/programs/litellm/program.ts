import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program, ProgramHost } from '../../program.ts';
import type { Callback, CallbackHost } from './callback.ts';
import { completionOf } from './completion.ts';
import { readConfig } from './config.ts';
import type { LiteLlmConfig } from './config.ts';
import { exportsSpans, langfuseExportCallback } from './export-callback.ts';
import { langfuseCallback } from './langfuse-callback.ts';
import { langfuseOtelCallback } from './otel-callback.ts';
import { createLiteLlmProxy } from './proxy.ts';
import { untilListening } from './startup.ts';

/** Five seconds of the sandbox's usual time. */
const patienceMs = 50_000;
const startupFailed = 'ERROR:    Application startup failed. Exiting.';
const clock = (): number => new Date().getTime();

/**
 * LiteLLM's proxy with mock models. What its callbacks send to Langfuse it really sends, and what goes wrong
 * there is in its log and nowhere else. Sends one trace at its start, so that wrong keys and hosts show.
 */
export const liteLlmProgram: Program = async (host) => {
  let config: LiteLlmConfig;
  try {
    config = await readConfig(host);
  } catch (cause) {
    host.print('ERROR:    Traceback (most recent call last):');
    host.print(`Exception: ${cause instanceof Error ? cause.message : 'unreadable config'}`);
    host.print(startupFailed);
    return 3;
  }
  return serve(host, config);
};

async function serve(host: ProgramHost, config: LiteLlmConfig): Promise<number> {
  const version = /\d+\.\d+\.\d+/.exec(host.imageTag)?.[0] ?? '1.74.3';
  const mismatch = exportsSpans(version) ? null : sdkMismatch(host.imageTag, config);
  if (mismatch !== null) {
    for (const line of ['ERROR:    Traceback (most recent call last):', mismatch, '', startupFailed])
      host.print(line);
    return 3;
  }
  const callbacks = openCallbacks(host, config, version);
  const options = {
    config,
    version,
    onSuccess: pick(callbacks, config.successCallbacks),
    onFailure: pick(callbacks, config.failureCallbacks),
    clock,
    print: host.print,
    logEveryProbe: Math.max(1, Math.round(host.timeScale)),
  };
  const server = createLiteLlmProxy(options);
  host.print('INFO:     Started server process [1]');
  host.print('INFO:     Waiting for application startup.');
  host.print('LiteLLM: Proxy initialized with Config, Set models:');
  for (const model of config.models) host.print(`    ${model.name}`);
  server.listen(config.port, host.address);
  await once(server, 'listening');
  host.print('INFO:     Application startup complete.');
  host.print(`INFO:     Uvicorn running on http://0.0.0.0:${config.port} (Press CTRL+C to quit)`);
  for (const callback of options.onSuccess) void sendStartupTrace(host, config, callback);
  if (!host.stopping.aborted) await once(host.stopping, 'abort');
  host.print('INFO:     Shutting down');
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  await Promise.race([Promise.all([...callbacks.values()].map(({ flush }) => flush())), sleep(2000)]);
  host.print('INFO:     Finished server process [1]');
  return 0;
}

/**
 * An image of one's own with another Langfuse SDK, told by its tag (`main-v1.74.3-langfuse-3.15.0`): LiteLLM 1.74 with
 * an SDK of 3 does not start at all. Null when they fit.
 */
function sdkMismatch(tag: string, { successCallbacks, failureCallbacks }: LiteLlmConfig): string | null {
  const major = /-langfuse-(\d+)/.exec(tag)?.[1];
  const isUsed = [...successCallbacks, ...failureCallbacks].includes('langfuse');
  if (!isUsed || major === undefined || major === '2') return null;
  return major === '3'
    ? "TypeError: Langfuse.__init__() got an unexpected keyword argument 'sdk_integration'"
    : "AttributeError: module 'langfuse' has no attribute 'version'";
}

/** Probes of the port are paced in real time: so is the start of the other pods. */
async function sendStartupTrace(host: ProgramHost, config: LiteLlmConfig, callback: Callback): Promise<void> {
  const pause = (durationMs: number): Promise<void> =>
    sleep(durationMs, undefined, { signal: host.stopping }).catch(() => undefined);
  await untilListening(callback.url, host, pause);
  if (!host.stopping.aborted) callback.record(startupCompletion(config));
}

function openCallbacks(
  host: ProgramHost,
  config: LiteLlmConfig,
  version: string,
): ReadonlyMap<string, Callback> {
  const scaled = (durationMs: number): number => Math.max(1, durationMs / host.timeScale);
  const around: CallbackHost = {
    version,
    env: config.env,
    print: host.print,
    resolve: host.resolve,
    clock,
    scaled,
    deadline: (durationMs) => Math.min(durationMs, Math.max(durationMs, patienceMs) / host.timeScale),
    pause: (durationMs) =>
      sleep(scaled(durationMs), undefined, { signal: host.stopping }).catch(() => undefined),
  };
  const wanted = new Set([...config.successCallbacks, ...config.failureCallbacks]);
  const opened = new Map<string, Callback>();
  const langfuse = exportsSpans(version) ? langfuseExportCallback : langfuseCallback;
  if (wanted.has('langfuse')) opened.set('langfuse', langfuse(around));
  if (wanted.has('langfuse_otel')) opened.set('langfuse_otel', langfuseOtelCallback(around));
  return opened;
}

function pick(callbacks: ReadonlyMap<string, Callback>, names: readonly string[]): Callback[] {
  return names.flatMap((name) => callbacks.get(name) ?? []);
}

function startupCompletion(config: LiteLlmConfig): ReturnType<typeof completionOf> {
  const request = {
    model: config.models[0]?.name ?? 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'startup' }],
    user: null,
    mockResponse: null,
    metadata: { trace_name: 'startup' },
    parameters: {},
  };
  return completionOf(request, 'ready', { startMs: clock(), endMs: clock() });
}
