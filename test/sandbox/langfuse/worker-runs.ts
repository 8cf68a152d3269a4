import { expect } from 'vitest';
import { langfuseWorkerProgram } from '../../../src/sandbox/programs/langfuse-worker/program.ts';
import { eventually } from '../stores/host.ts';
import { messages, type Capture } from './captures.ts';
import type { Lab, LabProgram } from './lab.ts';

/** The captured variables; `-NAME` was taken away. */
export function faultEnv(capture: Capture): Record<string, string | undefined> {
  return Object.fromEntries(
    capture.env.map((entry) =>
      entry.startsWith('-') ? [entry.slice(1), undefined] : (entry.split('=', 2) as [string, string]),
    ),
  );
}

/** Captured lines that ours lacks. */
export function lackingMessages(capture: Pick<Capture, 'log'>, log: readonly string[]): string[] {
  const ours = messages(log);
  return [...messages(capture.log)].filter((line) => !ours.has(line));
}

export function startWorker(lab: Lab, more: Readonly<Record<string, string | undefined>>): LabProgram {
  return lab.start(langfuseWorkerProgram, { PORT: '13030', ...more });
}

/** Exit code, or the answers of the two health endpoints. */
export async function expectStart(capture: Capture, { url, exit }: LabProgram): Promise<void> {
  if (capture.exit !== null) {
    expect(await exit).toBe(capture.exit.code);
    return;
  }
  await eventually(async () => await fetch(url));
  for (const call of capture.http) {
    const answer = await fetch(`${url}${call.path}`);
    expect({ status: answer.status, body: await answer.text() }).toEqual({
      status: call.status,
      body: call.body,
    });
    expect(answer.headers.get('keep-alive')).toBe(call.keepAlive);
  }
}
