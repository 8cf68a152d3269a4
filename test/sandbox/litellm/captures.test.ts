import { describe, expect, it } from 'vitest';
import { classifyLog } from '../../../src/doctor/classify-log.ts';
import { capturesOf, toldLines } from './captures.ts';
import { requestForms } from './request-forms.ts';
import { plain, replay } from './replay.ts';

const captures = capturesOf('1.74.3');
const newerCaptures = capturesOf('1.106.2');

/** What doctor makes of each log; what is not named here says nothing, and must say nothing. */
const findings: Readonly<Record<string, readonly string[]>> = {
  'langfuse-answers-500': ['litellm-unreachable'],
  'langfuse-answers-503': ['litellm-unreachable'],
  'langfuse-dead-host': ['litellm-unreachable'],
  'langfuse-never-answers': ['litellm-unreachable'],
  'langfuse-no-host': ['litellm-unreachable'],
  'langfuse-sdk-mismatch': ['litellm-callback-error'],
  'langfuse-unknown-host': ['litellm-unreachable'],
  'langfuse_otel-answers-403': ['litellm-unreachable'],
  'langfuse_otel-answers-404': ['litellm-unreachable'],
  'langfuse_otel-answers-500': ['litellm-unreachable'],
  'langfuse_otel-answers-503': ['litellm-unreachable'],
  'langfuse_otel-dead-host': ['litellm-unreachable'],
  'langfuse_otel-host-without-scheme': ['litellm-unreachable'],
  'langfuse_otel-never-answers': ['litellm-unreachable'],
  'langfuse_otel-no-host': ['litellm-host'],
  'langfuse_otel-unknown-host': ['litellm-host'],
  'langfuse_otel-wrong-secret': ['litellm-unauthorized'],
};

const patternsOf = (log: readonly string[]): string[] => [
  ...new Set(classifyLog(log.join('\n'), (line) => line).map(({ pattern }) => pattern)),
];

/** From 1.104 on the `langfuse` callback sends OTLP and says what is wrong. */
const newerFindings: Readonly<Record<string, readonly string[]>> = {
  'langfuse-answers-500': ['litellm-unreachable'],
  'langfuse-answers-503': ['litellm-unreachable'],
  'langfuse-dead-host': ['litellm-unreachable'],
  'langfuse-never-answers': ['litellm-unreachable'],
  'langfuse-no-host': ['litellm-host', 'litellm-unreachable'],
  'langfuse-no-keys': ['litellm-unauthorized'],
  'langfuse-sdk-mismatch': ['litellm-callback-error'],
  'langfuse-wrong-secret': ['litellm-unauthorized'],
  'langfuse_otel-answers-500': ['litellm-unreachable'],
  'langfuse_otel-answers-503': ['litellm-unreachable'],
  'langfuse_otel-dead-host': ['litellm-unreachable'],
  'langfuse_otel-host-without-scheme': ['litellm-unreachable'],
  'langfuse_otel-never-answers': ['litellm-unreachable'],
  'langfuse_otel-no-host': ['litellm-host', 'litellm-unreachable'],
  'langfuse_otel-wrong-secret': ['litellm-unauthorized'],
};

describe('the log of a real LiteLLM 1.106.2', () => {
  it.each(newerCaptures.map((capture) => [capture.capture, capture] as const))('%s', (name, { log }) => {
    expect(patternsOf(log)).toEqual(newerFindings[name] ?? []);
  });
});

describe('the log of a real LiteLLM 1.74.3', () => {
  it.each(captures.map((capture) => [capture.capture, capture] as const))('%s', (name, { log }) => {
    expect(patternsOf(log)).toEqual(findings[name] ?? []);
  });
});

/** Answers without the first readiness: it tells whether there was a call, and the stand-in makes one at its start. */
function comparable<Answer extends { readonly path: string }>(http: readonly Answer[]): Answer[] {
  const first = http.findIndex(({ path }) => path === '/health/readiness');
  return http.filter((_, index) => index !== first);
}

describe('the stand-in does as the real LiteLLM 1.74.3', () => {
  it.concurrent.each(captures.map((capture) => [capture.capture, capture] as const))(
    '%s',
    async (_, capture) => {
      const seen = await replay(capture);
      expect(toldLines(seen.log)).toEqual(toldLines(capture.log));
      expect(requestForms(seen.requests)).toEqual(requestForms(capture.requests));
      const answers = capture.http.map(({ path, status, answer }) => ({
        path,
        status,
        answer: plain(answer),
      }));
      expect(comparable(seen.http)).toEqual(comparable(answers));
      expect(seen.exit).toBe(typeof capture.exit === 'number' ? capture.exit : 0);
    },
  );
});

describe('the langfuse callback of the stand-in does as that of the real LiteLLM 1.106.2', () => {
  const sent = newerCaptures.filter(({ capture }) => /^langfuse-(?!sdk)/.test(capture));
  it.concurrent.each(sent.map((capture) => [capture.capture, capture] as const))('%s', async (_, capture) => {
    const seen = await replay(capture);
    expect(toldLines(seen.log)).toEqual(toldLines(capture.log));
    expect(requestForms(seen.requests)).toEqual(requestForms(capture.requests));
  });
});
