import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { eventually } from '../stores/host.ts';
import { captures, messages, type Capture, type CapturedCall } from './captures.ts';
import { canary, labKey, openLab, type Lab, type LabProgram } from './lab.ts';

let lab: Lab;
let web: LabProgram | undefined;

beforeAll(async () => {
  lab = await openLab();
  await lab.sql('CREATE DATABASE lf4');
  // The captured listing shows this trace, written long before.
  await lab.clickhouse(
    `INSERT INTO traces (id, timestamp, name, user_id, session_id, metadata, project_id, public, bookmarked, created_at, updated_at, event_ts, is_deleted)
     VALUES ('t1', '2026-11-20 18:00:00.000', 'smoke', 'u', 's', {'a': '1'}, 'lab-project', false, false,
             '2026-11-20 18:14:43.000', '2026-11-20 18:14:48.886', '2026-11-20 18:14:48.886', 0)`,
  );
}, 60_000);
afterEach(async () => {
  await web?.stop();
  web = undefined;
});
afterAll(async () => await lab.close());

/** The captured change of env, with our Postgres in place of the captured one. */
function faultEnv(capture: Capture): Record<string, string | undefined> {
  return Object.fromEntries(
    capture.env.map((entry) => {
      if (entry.startsWith('-')) return [entry.slice(1), undefined];
      const [name = '', ...rest] = entry.split('=');
      const own = `langfuse:${encodeURIComponent(canary)}@${lab.addresses.postgres}:5432`;
      return [name, rest.join('=').replace('postgres@127.0.0.1:15432', own)];
    }),
  );
}

async function send(base: string, capture: Capture, call: CapturedCall): Promise<Response> {
  const id = `cap-${capture.fault}`;
  const event = {
    id: `${id}-e`,
    type: 'trace-create',
    timestamp: new Date().toISOString(),
    body: { id, name: 'cap' },
  };
  return await fetch(`${base}${call.path}`, {
    method: call.method,
    headers: { ...labKey, 'content-type': 'application/json' },
    // Captured as "no answer in 20 s"
    signal: AbortSignal.timeout(call.error === undefined ? 20_000 : 700),
    ...(call.method === 'POST' ? { body: JSON.stringify({ batch: [event] }) } : {}),
  });
}

describe('stage server: web past the entrypoint answers as captured', () => {
  it.each(captures('web-').map((capture) => [capture.fault, capture] as const))(
    '%s',
    async (_fault, capture) => {
      await lab.redis.flushall();
      web = lab.start(langfuseWebServer, faultEnv(capture));
      const { url, log } = web;
      await eventually(async () => await fetch(`${url}/api/public/ready`));
      for (const call of capture.http) {
        if (call.error !== undefined) {
          await expect(send(url, capture, call), call.path).rejects.toThrow(/timeout/);
          continue;
        }
        const answer = await send(url, capture, call);
        const text = await answer.text();
        expect({
          path: call.path,
          status: answer.status,
          body: text.replace(/127(?:\.\d+){3}:\d+/g, 'ADDRESS'),
        }).toEqual({
          path: call.path,
          status: call.status,
          body: call.body?.replace(/127(?:\.\d+){3}:\d+/g, 'ADDRESS'),
        });
        expect(answer.headers.get('keep-alive')).toBe(call.keepAlive);
      }
      const ours = messages(log);
      const lacking = [...messages(capture.log)].filter((line) => !ours.has(line));
      expect(lacking).toEqual([]);
      expect(log.join('\n')).not.toContain(canary);
    },
  );
});
