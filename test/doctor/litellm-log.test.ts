import { describe, expect, it } from 'vitest';
import { classifyLog, stampedLines } from '../../src/doctor/classify-log.ts';
import { isOfRollout, lastCallAt, liteLlmErrors } from '../../src/doctor/litellm-log.ts';
import type { LogView, PodView } from '../../src/doctor/views.ts';

const patterns = ['litellm-unreachable', 'litellm-host', 'litellm-unauthorized'];
const refused =
  'Giving up execute_task_with_backoff(...) after 3 tries (httpx.ConnectError: [Errno 111] Connection refused)';
const call = 'INFO:     10.0.0.1:51000 - "POST /chat/completions HTTP/1.1" 200 OK';

/** A log whose lines the kubelet saw at these minutes and seconds past noon. */
function view(...lines: readonly (readonly [at: string, text: string])[]): LogView {
  const stamped = stampedLines(
    lines.map(([at, text]) => `2026-11-20T12:${at}.123456789Z ${text}`).join('\n'),
  );
  return {
    part: 'litellm',
    namespace: 'hyperplane-litellm',
    pod: 'litellm-1',
    container: 'litellm',
    previous: false,
    lines: lines.length,
    findings: classifyLog(stamped, (line) => line),
    lastCallAt: lastCallAt(stamped),
    lastLine: null,
    unreadable: null,
  };
}

const web = (readySince: string | null): PodView => ({
  part: 'web',
  namespace: 'hyperplane-langfuse',
  name: 'langfuse-1',
  phase: 'Running',
  ready: readySince !== null,
  deleting: false,
  readySince: readySince === null ? null : `2026-11-20T12:${readySince}Z`,
  startedAt: null,
  ip: null,
  node: null,
  containers: [],
  workload: 'deployment/langfuse',
  unschedulable: null,
});

describe("lines of the SDK in LiteLLM's log that name neither Langfuse nor its host", () => {
  it.each([
    [refused, 'litellm-unreachable'],
    [
      'Giving up execute_task_with_backoff(...) after 3 tries (httpx.ConnectTimeout: timed out)',
      'litellm-unreachable',
    ],
    [
      'Giving up execute_task_with_backoff(...) after 3 tries (httpx.RemoteProtocolError: Server disconnected without sending a response.)',
      'litellm-unreachable',
    ],
    [
      'Giving up execute_task_with_backoff(...) after 3 tries (httpx.ConnectError: [Errno -2] Name or service not known)',
      'litellm-host',
    ],
    [
      `received error response: {'error': 'UnauthorizedError', 'message': "Invalid credentials. Confirm that you've configured the correct host."}`,
      'litellm-unauthorized',
    ],
    [
      `requests.exceptions.ConnectionError: HTTPConnectionPool(host='traces', port=3000): Max retries exceeded with url: /api/public/otel/v1/traces (Caused by NewConnectionError('Connection refused'))`,
      'litellm-unreachable',
    ],
    [
      `requests.exceptions.ConnectionError: HTTPConnectionPool(host='traces', port=3000): Max retries exceeded with url: /api/public/otel/v1/traces (Caused by NameResolutionError("Failed to resolve 'traces' ([Errno -2] Name or service not known)"))`,
      'litellm-host',
    ],
  ])('%s', (line, pattern) => {
    const [finding] = view(['00:00', line]).findings;
    expect(finding).toMatchObject({ pattern, line, at: '2026-11-20T12:00:00.123456789Z' });
  });

  it.each([
    ["received error response: {'message': 'Invalid request data', 'error': 'InvalidRequestError'}"],
    ['Giving up execute_task_with_backoff(...) after 3 tries (langfuse.request.APIError: 500)'],
    [call],
  ])('%s is none of them', (line) => {
    expect(view(['00:00', line]).findings).toEqual([]);
  });
});

describe('an error of LiteLLM', () => {
  it('counts while no call has been traced since', () => {
    const late = [
      ['05:00', call],
      ['05:04', refused],
      ['05:40', call],
    ] as const;
    expect(liteLlmErrors([view(...late)], patterns)).toMatchObject([{ finding: { line: refused } }]);
    expect(liteLlmErrors([view(['05:04', refused])], patterns)).toHaveLength(1);
  });

  it('is outlived by a call so long after it that its own error would be there', () => {
    expect(liteLlmErrors([view(['05:04', refused], ['06:20', call])], patterns)).toEqual([]);
    expect(
      liteLlmErrors([view(['05:04', refused], ['06:20', call], ['06:24', refused])], patterns),
    ).toHaveLength(1);
    const failed = '"POST /chat/completions HTTP/1.1" 500 Internal Server Error';
    expect(liteLlmErrors([view(['05:04', refused], ['06:20', failed])], patterns)).toHaveLength(1);
  });

  it('is outlived by a restart of LiteLLM, and by no other part', () => {
    const old = { ...view(['05:04', refused]), previous: true };
    expect(liteLlmErrors([old, { ...view(['05:04', refused]), part: 'web' }], patterns)).toEqual([]);
  });

  it('is of a roll-out of web where it came before the newest pod was ready, or a minute after', () => {
    const [before] = liteLlmErrors([view(['05:04', refused])], patterns);
    if (before === undefined) throw new Error('no error');
    expect(isOfRollout(before, [web('09:00')])).toBe(true);
    expect(isOfRollout(before, [web('01:00'), web('04:30')])).toBe(true);
    expect(isOfRollout(before, [web('01:00'), web(null)])).toBe(false);
    expect(isOfRollout(before, [])).toBe(false);
  });
});
