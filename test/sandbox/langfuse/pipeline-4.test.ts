import { afterAll, beforeAll, expect, it } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { eventually } from '../stores/host.ts';
import { readCapture } from './captures.ts';
import { withQueue } from './deliver.ts';
import { labKey, openLab, type Lab, type LabProgram } from './lab.ts';
import { storedObjects } from './objects.ts';
import { startWorker } from './worker-runs.ts';

interface Http {
  readonly method: string;
  readonly path: string;
  readonly request?: unknown;
  readonly status: number;
  readonly body: string;
}
const recorded = readCapture('pipeline.json', '4.16.0') as {
  readonly steps: readonly { readonly step: string; readonly http?: Http }[];
  readonly traceId: string;
};
function recordedHttp(step: string): Http {
  const found = recorded.steps.find((one) => one.step === step)?.http;
  if (found === undefined) throw new Error(`no step ${step} in pipeline.json`);
  return found;
}

let lab: Lab;
let web: LabProgram;

beforeAll(async () => {
  lab = await openLab('4.16.0');
  web = lab.start(langfuseWebServer);
  await eventually(async () => await fetch(`${web.url}/api/public/ready`));
}, 60_000);
afterAll(async () => await lab.close());

async function ask(http: Pick<Http, 'method' | 'path' | 'request'>): Promise<Response> {
  return await fetch(`${web.url}${http.path}`, {
    method: http.method,
    headers: { ...labKey, 'content-type': 'application/json' },
    ...(http.request === undefined ? {} : { body: JSON.stringify(http.request) }),
  });
}

it('an export is accepted, read as captured once the worker ran, and gone after its deletion', async () => {
  const sent = recordedHttp('sent, worker stopped');
  expect((await ask(sent)).status).toBe(sent.status);
  const before = recordedHttp('read before the worker ran');
  expect(await (await ask(before)).text()).toBe(before.body);

  startWorker(lab, {});
  const after = recordedHttp('after the worker ran');
  await eventually(async () =>
    expect(await (await ask(after)).json()).toEqual(JSON.parse(after.body) as unknown),
  );

  const deleted = { method: 'DELETE', path: `/api/public/traces/${recorded.traceId}` };
  expect((await ask(deleted)).status).toBe(200);
  await withQueue(lab, 'trace-delete', async (queue) => {
    for (const job of await queue.getDelayed()) await job.promote();
  });
  await eventually(async () => expect(await (await ask(before)).text()).toBe(before.body));
  expect(await storedObjects(lab, 'v4events/otel/')).toHaveLength(1);
});
