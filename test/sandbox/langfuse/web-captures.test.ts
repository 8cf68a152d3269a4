import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { eventually } from '../stores/host.ts';
import { captures, messages, shape, type Capture, type CapturedCall } from './captures.ts';
import { canary, labKey, openLab, type Captured, type Lab, type LabProgram } from './lab.ts';

/** What the captured servers had stored long before, and their listings show. */
const storedBefore: Readonly<Record<Captured, string>> = {
  '3.199.0': `INSERT INTO traces (id, timestamp, name, user_id, session_id, metadata, project_id, public, bookmarked, created_at, updated_at, event_ts, is_deleted)
     VALUES ('t1', '2026-11-20 18:00:00.000', 'smoke', 'u', 's', {'a': '1'}, 'lab-project', false, false,
             '2026-11-20 18:14:43.000', '2026-11-20 18:14:48.886', '2026-11-20 18:14:48.886', 0)`,
  '4.16.0': `INSERT INTO events_full (project_id, trace_id, span_id, start_time, end_time, name, type, level, user_id, event_ts, is_deleted)
     VALUES ('lab-project', '0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331', '2026-11-20 19:03:45.000000',
             '2026-11-20 19:03:45.500000', 'smoke', 'SPAN', 'DEFAULT', 'u1', '2026-11-20 19:03:46.000000', 0)`,
};

/** The span that the captured requests exported. */
const exported = {
  resourceSpans: [
    {
      scopeSpans: [
        { spans: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', name: 'cap' }] },
      ],
    },
  ],
};

const address = (text: string): string => text.replace(/127(?:\.\d+){3}:\d+/g, 'ADDRESS');

/** The text of an answer, or where it is a queued job, its shape: ids and times differ from run to run. */
function comparable(body: string): unknown {
  return body.startsWith('{"name":"otel-ingestion-job"') ? shape(JSON.parse(body)) : address(body);
}

async function send(base: string, capture: Capture, call: CapturedCall): Promise<Response> {
  const id = `cap-${capture.fault}`;
  const event = {
    id: `${id}-e`,
    type: 'trace-create',
    timestamp: new Date().toISOString(),
    body: { id, name: 'cap' },
  };
  const body = call.path.includes('/otel/') ? exported : { batch: [event] };
  return await fetch(`${base}${call.path}`, {
    method: call.method,
    headers: { ...labKey, 'content-type': 'application/json' },
    // Captured as "no answer in 20 s"
    signal: AbortSignal.timeout(call.error === undefined ? 20_000 : 700),
    ...(call.method === 'POST' ? { body: JSON.stringify(body) } : {}),
  });
}

describe.each<Captured>(['3.199.0', '4.16.0'])(
  'web of %s past the entrypoint answers as captured',
  (release) => {
    let lab: Lab;
    let web: LabProgram | undefined;

    beforeAll(async () => {
      lab = await openLab(release);
      await lab.sql('CREATE DATABASE lf4');
      await lab.clickhouse(storedBefore[release]);
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

    it.each(captures('web-', release).map((capture) => [capture.fault, capture] as const))(
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
          expect({ path: call.path, status: answer.status, body: comparable(await answer.text()) }).toEqual({
            path: call.path,
            status: call.status,
            body: comparable(call.body ?? ''),
          });
          expect(answer.headers.get('keep-alive')).toBe(call.keepAlive);
        }
        const ours = messages(log);
        const lacking = [...messages(capture.log)].filter((line) => !ours.has(line));
        expect(lacking).toEqual([]);
        expect(log.join('\n')).not.toContain(canary);
      },
    );
  },
);
