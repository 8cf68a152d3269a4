import { gunzipSync } from 'node:zlib';
import { baggage, envelope } from '../../langfuse/ingestion.ts';
import { uuid } from '../../langfuse/ids.ts';
import { decodeExport } from '../../langfuse/otlp-protobuf.ts';
import type { OtlpResourceSpans } from '../../langfuse/otel-attributes.ts';
import { optionsFor } from '../../langfuse/queues.ts';
import { isRecord } from '../../langfuse/event-check.ts';
import { HttpError, readBody, type Answer } from '../answer.ts';
import { projectScope, type Call, type ProjectScope, type Route } from '../route.ts';
import type { Web } from '../web.ts';

/** POST /api/public/otel/v1/traces: the raw export goes to S3, a job with its key to the queue. */
async function exportTraces(web: Web, call: Call): Promise<Answer> {
  const scope = await projectScope(web, call);
  checkVersion(call.request.headers['x-langfuse-ingestion-version']);
  const resourceSpans = await parsedBody(call);
  if (resourceSpans.length === 0) return { status: 200, json: {} };
  const fileKey = `${web.objects.prefix}otel/${scope.projectId}/${minutePath(new Date())}/${uuid()}.json`;
  await web.objects.uploadJson(fileKey, resourceSpans);
  return { status: 200, json: await enqueue(web, call, scope, fileKey) };
}

async function enqueue(web: Web, call: Call, scope: ProjectScope, fileKey: string): Promise<unknown> {
  const header = (name: string, fallback: string): string => String(call.request.headers[name] ?? fallback);
  const { projectId, orgId, publicKey, apiKeyId } = scope;
  const auth = { validKey: true, scope: { projectId, accessLevel: 'project', orgId } } as const;
  const payload = {
    data: { fileKey, publicKey },
    authCheck: auth,
    sdkName: header('x-langfuse-sdk-name', 'unknown'),
    sdkVersion: header('x-langfuse-sdk-version', 'unknown'),
    ingestionVersion: header('x-langfuse-ingestion-version', ''),
  };
  const tracing = baggage({ ...auth, scope: { ...auth.scope, apiKeyId } }, 'POST /api/public/otel/v1/traces');
  const queue = await web.queues.get('otel-ingestion-queue');
  const job = await queue.add(
    'otel-ingestion-job',
    envelope('otel-ingestion-job', payload),
    optionsFor('otel-ingestion-queue', 0, tracing),
  );
  return JSON.parse(JSON.stringify(job)) as unknown;
}

function checkVersion(header: string | string[] | undefined): void {
  if (header === undefined || Number(header) <= 4) return;
  const error = `Unsupported x-langfuse-ingestion-version: "${String(header)}". Maximum supported: "4".`;
  throw new HttpError(400, { error });
}

/** Exports have no size limit in Langfuse; this one only keeps the sandbox alive. */
const exportLimitBytes = 64 * 1024 * 1024;

async function parsedBody(call: Call): Promise<readonly OtlpResourceSpans[]> {
  const { headers } = call.request;
  const type = headers['content-type'] ?? '';
  let body = await readBody(call.request, exportLimitBytes);
  if (headers['content-encoding']?.includes('gzip') === true)
    body = attempt(() => gunzipSync(body), 'Failed to decompress request body');
  if (type.includes('application/x-protobuf'))
    return attempt(() => decodeExport(body), 'Failed to parse OTel Protobuf Trace');
  if (!type.includes('application/json')) throw new HttpError(400, { error: 'Invalid content type' });
  return attempt(() => spansOf(JSON.parse(body.toString())), 'Failed to parse OTel JSON Trace');
}

function spansOf(value: unknown): readonly OtlpResourceSpans[] {
  if (!isRecord(value)) throw new TypeError('no object');
  const spans = value['resourceSpans'] ?? [];
  if (!Array.isArray(spans)) throw new TypeError('resourceSpans is no list');
  return spans as OtlpResourceSpans[];
}

function attempt<Result>(work: () => Result, error: string): Result {
  try {
    return work();
  } catch {
    throw new HttpError(400, { error });
  }
}

/** yyyy/mm/dd/hh/mm in UTC. */
function minutePath(now: Date): string {
  return now.toISOString().slice(0, 16).replace(/[-T:]/g, '/');
}

export const otelRoutes: readonly Route[] = [
  { path: '/api/public/otel/v1/traces', methods: { POST: exportTraces } },
];
