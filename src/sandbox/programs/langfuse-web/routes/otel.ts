import { gunzipSync } from 'node:zlib';
import type { IncomingHttpHeaders } from 'node:http';
import { baggage, envelope } from '../../langfuse/ingestion.ts';
import { uuid } from '../../langfuse/ids.ts';
import type { Log } from '../../langfuse/log.ts';
import { decodeExport, type Longs } from '../../langfuse/otlp-protobuf.ts';
import type { OtlpResourceSpans } from '../../langfuse/otel-attributes.ts';
import { optionsFor } from '../../langfuse/queues.ts';
import { isRecord } from '../../langfuse/event-check.ts';
import { HttpError, readBody, type Answer } from '../answer.ts';
import { attributionOf, sdkHeader } from '../attribution.ts';
import { authOf, type ProjectScope } from '../auth.ts';
import { exportProblem } from '../otlp-check.ts';
import { projectScope, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

const route = 'POST /api/public/otel/v1/traces';

/** The raw export goes to S3, a job with its key to the queue; the answer is the job. */
async function exportTraces(web: Web, call: Call): Promise<Answer> {
  const scope = await projectScope(web, call);
  const isNew = web.release.generation >= 4;
  const resourceSpans = await parsedBody(web, call, isNew ? 'text' : 'halves');
  if (resourceSpans.length === 0) return { status: 200, json: {} };
  if (isNew) checkSpans(web, resourceSpans);
  checkVersion(sdkHeader(call.request.headers, 'x-langfuse-ingestion-version'));
  const fileKey = `${web.objects.prefix}otel/${scope.projectId}/${minutePath(new Date())}/${uuid()}.json`;
  await web.objects.uploadJson(fileKey, resourceSpans);
  return { status: 200, json: await enqueue(web, call, scope, fileKey) };
}

async function enqueue(web: Web, call: Call, scope: ProjectScope, fileKey: string): Promise<unknown> {
  const { projectId, orgId, publicKey } = scope;
  const payload = {
    data: { fileKey, publicKey },
    authCheck: { validKey: true, scope: { projectId, accessLevel: 'project', orgId } },
    ...sender(web, call.request.headers, scope),
  };
  const queue = await web.queues.get('otel-ingestion-queue');
  const job = await queue.add(
    'otel-ingestion-job',
    envelope('otel-ingestion-job', payload),
    optionsFor('otel-ingestion-queue', 0, baggage(authOf(scope), route)),
  );
  return JSON.parse(JSON.stringify(job)) as unknown;
}

/** 3 leaves out what the client did not say, 4 calls it unknown. */
function sender(web: Web, headers: IncomingHttpHeaders, scope: ProjectScope): object {
  const ingestionVersion = sdkHeader(headers, 'x-langfuse-ingestion-version');
  if (web.release.generation < 4)
    return {
      sdkName: sdkHeader(headers, 'x-langfuse-sdk-name'),
      sdkVersion: sdkHeader(headers, 'x-langfuse-sdk-version'),
      ingestionVersion,
    };
  const { ingestionSdkName: sdkName, ingestionSdkVersion: sdkVersion } = attributionOf(headers, scope);
  return { sdkName, sdkVersion, ingestionVersion: ingestionVersion ?? '' };
}

function checkSpans({ log }: Web, resourceSpans: readonly unknown[]): void {
  const error = exportProblem(resourceSpans);
  if (error === undefined) return;
  log.warn('Rejecting unprocessable OTEL trace export');
  throw new HttpError(400, { error });
}

function checkVersion(header: string | undefined): void {
  if (header === undefined || Number.parseInt(header, 10) <= 4) return;
  const error = `Unsupported x-langfuse-ingestion-version: "${header}". Maximum supported: "4".`;
  throw new HttpError(400, { error });
}

/** Exports have no size limit in Langfuse; this one only keeps the sandbox alive. */
const exportLimitBytes = 64 * 1024 * 1024;

async function parsedBody({ log }: Web, call: Call, longs: Longs): Promise<readonly OtlpResourceSpans[]> {
  const { headers } = call.request;
  const type = headers['content-type']?.toLowerCase() ?? '';
  let body = await readBody(call.request, exportLimitBytes);
  if (headers['content-encoding']?.includes('gzip') === true)
    body = attempt(log, () => gunzipSync(body), 'Failed to decompress request body');
  if (type.includes('application/x-protobuf'))
    return attempt(log, () => decodeExport(body, longs), 'Failed to parse OTel Protobuf Trace');
  if (type.includes('application/json'))
    return attempt(log, () => spansOf(JSON.parse(body.toString())), 'Failed to parse OTel JSON Trace');
  log.error(`Invalid content type: ${type}`);
  throw new HttpError(400, { error: 'Invalid content type' });
}

function spansOf(value: unknown): readonly OtlpResourceSpans[] {
  if (!isRecord(value)) throw new TypeError('no object');
  const spans = value['resourceSpans'] ?? [];
  if (!Array.isArray(spans)) throw new TypeError('resourceSpans is no list');
  return spans as OtlpResourceSpans[];
}

function attempt<Result>(log: Log, work: () => Result, error: string): Result {
  try {
    return work();
  } catch (cause) {
    log.error(error.replace(/ Trace$/, ''), cause);
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
