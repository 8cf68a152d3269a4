import { isRecord } from '../langfuse/event-check.ts';

/** What makes an export unusable (packages/shared/src/server/otel/utils.ts of v4). */
interface Findings {
  spans: number;
  badSpans: number;
  /** Lists above the spans that are no lists. */
  badLists: number;
  /** `<field>:<reason>`, in the order found. */
  readonly reasons: Set<string>;
  readonly scopes: Set<string>;
}

const scopeSamples = 5;

/** Why 4 refuses the whole export, or undefined when its worker could read each span. */
export function exportProblem(resourceSpans: readonly unknown[]): string | undefined {
  const found: Findings = { spans: 0, badSpans: 0, badLists: 0, reasons: new Set(), scopes: new Set() };
  for (const resourceSpan of resourceSpans) checkResource(found, resourceSpan);
  return found.reasons.size === 0 ? undefined : problemText(found);
}

function checkResource(found: Findings, value: unknown): void {
  const { resource, scopeSpans } = recordOf(value);
  checkList(found, 'resource.attributes', recordOf(resource)['attributes']);
  checkList(found, 'scopeSpans', scopeSpans);
  for (const scopeSpan of listOf(scopeSpans)) checkScope(found, scopeSpan);
}

function checkScope(found: Findings, value: unknown): void {
  const { scope, spans } = recordOf(value);
  const { name, attributes } = recordOf(scope);
  checkList(found, 'scope.attributes', attributes, name);
  checkList(found, 'spans', spans, name);
  for (const span of listOf(spans)) {
    found.spans += 1;
    const reasons = spanReasons(recordOf(span));
    if (reasons.length === 0) continue;
    found.badSpans += 1;
    reasons.forEach((reason) => found.reasons.add(reason));
    sample(found, name);
  }
}

function checkList(found: Findings, name: string, value: unknown, scope?: unknown): void {
  if (!isBadList(value)) return;
  found.badLists += 1;
  found.reasons.add(`${name}:not_an_array`);
  sample(found, scope);
}

function sample({ scopes }: Findings, name: unknown): void {
  if (typeof name === 'string' && name !== '' && scopes.size < scopeSamples) scopes.add(name);
}

function spanReasons(span: Readonly<Record<string, unknown>>): string[] {
  const { parentSpanId, attributes, events } = span;
  const ids = ['traceId', 'spanId'].flatMap((kind) => idReason(kind, span[kind]));
  const badEvent = listOf(events).some((event) => isBadList(recordOf(event)['attributes']));
  return [
    ...ids,
    ...(isSet(parentSpanId) ? idReason('parentSpanId', parentSpanId) : []),
    ...(isBadList(attributes) ? ['attributes:not_an_array'] : []),
    ...(isBadList(events) ? ['events:not_an_array'] : []),
    ...(badEvent ? ['event.attributes:not_an_array'] : []),
  ];
}

/** The worker looks at a parent only when it is truthy. */
const isSet = (value: unknown): boolean => Boolean(value);

function idReason(kind: string, value: unknown): string[] {
  if (value === null || value === undefined) return [`${kind}:absent`];
  const isBytes = isRecord(value) && value['type'] === 'Buffer' && Array.isArray(value['data']);
  return typeof value === 'string' || Array.isArray(value) || isBytes ? [] : [`${kind}:not_an_id`];
}

const isBadList = (value: unknown): boolean => value !== null && value !== undefined && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

function problemText({ spans, badSpans, badLists, reasons, scopes }: Findings): string {
  const named = [...reasons];
  const problems = [
    ...(badSpans > 0 ? [`${badSpans} of ${spans} span(s) cannot be processed`] : []),
    ...(badLists > 0 ? [`${badLists} resource- or scope-level field(s) are present but not arrays`] : []),
  ];
  const hints = [
    ...(named.some((reason) => /:(absent|not_an_id)$/.test(reason))
      ? ['traceId and spanId are required on every span, and each must be a string or a byte array.']
      : []),
    ...(named.some((reason) => reason.endsWith(':not_an_array'))
      ? [
          'scopeSpans, spans, attributes and events must all be arrays — OTLP attributes are a list of {key, value} entries, not a JSON object.',
        ]
      : []),
  ];
  return [
    `Invalid OTLP trace export: ${problems.join('; ')} (${named.join(', ')}). ${hints.join(' ')}`,
    'The entire export was rejected and no spans were ingested.',
    `Instrumentation scopes: ${[...scopes].join(', ') || 'unknown'}.`,
    'This endpoint accepts OpenTelemetry traces only — if you are exporting OpenTelemetry logs, point your log exporter elsewhere.',
  ].join(' ');
}
