import type { FailingRow } from './change.ts';
import { ago, pod, logLine, firstLiteLlm } from './change.ts';

export const litellmRows: readonly FailingRow[] = [
  {
    check: 'litellm/callbacks',
    when: 'failures are not sent',
    change: (f) => {
      firstLiteLlm(f).failureCallbacks = [];
    },
    says: /failure_callback .*does not name langfuse/,
  },
  {
    check: 'litellm/host',
    when: 'it is not set',
    change: (f) => {
      firstLiteLlm(f).host = null;
    },
    says: /public cloud/,
  },
  {
    check: 'litellm/keys',
    when: 'the key is unknown',
    change: (f) => {
      const [key] = f['litellm/keys'];
      if (key) key.state = 'unknown-key';
    },
    says: /not known to this Langfuse/,
  },
  {
    check: 'litellm/keys',
    when: 'the secret is another',
    change: (f) => {
      const [key] = f['litellm/keys'];
      if (key) key.state = 'wrong-secret';
    },
    says: /does not belong/,
  },
  {
    check: 'litellm/reachable',
    when: 'a policy denies it',
    change: (f) => {
      f['kube/policies'][0]?.denials.push({
        kind: 'NetworkPolicy',
        namespace: 'hyperplane-litellm',
        name: 'deny',
        direction: 'egress',
      });
    },
    says: /NetworkPolicy hyperplane-litellm\/deny denies/,
  },
  {
    check: 'litellm/reachable',
    when: 'its log says so',
    change: (f) => {
      pod(f, 'web').readySince = ago(600_000);
      logLine(f, 'litellm', 'litellm-unreachable', 'Langfuse: Connection refused');
    },
    says: /cannot connect/,
  },
  {
    check: 'litellm/reachable',
    when: 'its own pod is refused',
    change: (f) => {
      const [probe] = f['litellm/probe'];
      if (probe) Object.assign(probe, { ok: false, answer: 'timed out' });
    },
    says: /asked from its own pod.*timed out/,
  },
  {
    check: 'litellm/callbacks',
    when: 'it sends OTLP to a version that takes none',
    change: (f) =>
      Object.assign(firstLiteLlm(f), {
        successCallbacks: [],
        failureCallbacks: [],
        callbacks: ['langfuse_otel'],
      }),
    says: /sends OTLP, and Langfuse 2\.95\.12 takes none: no trace arrives/,
    on: ['2.95.12'],
  },
  {
    check: 'litellm/callbacks',
    when: 'it sends JSON events to events_only',
    change: (f) =>
      Object.assign(firstLiteLlm(f), {
        successCallbacks: ['langfuse'],
        failureCallbacks: ['langfuse'],
        callbacks: [],
      }),
    says: /sends JSON events, and Langfuse 4 in events_only refuses them/,
    on: ['4.16.0', '4.99.0'],
  },
  {
    check: 'litellm/callbacks',
    when: 'its SDK does not fit',
    change: (f) =>
      logLine(f, 'litellm', 'litellm-callback-error', "module 'langfuse' has no attribute 'version'"),
    says: /callback fails/,
  },
];
