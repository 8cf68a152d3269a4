import { checkEvent } from './event-check.ts';
import type { IngestionEvent } from './events.ts';
import { uuid } from './ids.ts';
import {
  attributesOf,
  idText,
  timeOf,
  type Attributes,
  type OtlpResourceSpans,
  type OtlpSpan,
} from './otel-attributes.ts';

interface Span {
  readonly span: OtlpSpan;
  readonly own: Attributes;
  readonly resource: Attributes;
  readonly scope: { readonly name: string | undefined; readonly version: string | undefined };
}

/** Each span becomes an observation event, and a trace event where it says something about its trace. */
export function eventsOfSpans(resourceSpans: readonly OtlpResourceSpans[]): IngestionEvent[] {
  return spansOf(resourceSpans).flatMap((span) => {
    const made = [traceEvent(span), observationEvent(span)].map((event) => checkEvent(event));
    return made.flatMap((checked) => (checked.ok ? [checked.event] : []));
  });
}

function spansOf(resourceSpans: readonly OtlpResourceSpans[]): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ scope, spans = [] }) =>
      spans.map((span) => ({
        span,
        own: attributesOf(span.attributes),
        resource: attributesOf(resource?.attributes),
        scope: { name: scope?.name, version: scope?.version },
      })),
    ),
  );
}

const first = (attributes: Attributes, ...names: readonly string[]): unknown =>
  names.map((name) => attributes[name]).find((value) => value !== undefined);

function environment({ own, resource }: Span): unknown {
  const names = ['langfuse.environment', 'deployment.environment.name', 'deployment.environment'];
  return first(own, ...names) ?? first(resource, ...names);
}

/** The root span carries input and output up to its trace; other spans only bring what names the trace. */
function traceEvent(item: Span): object {
  const { span, own, resource } = item;
  const isRoot = idText(span.parentSpanId) === '' || own['langfuse.internal.as_root'] === true;
  const time = timeOf(span.startTimeUnixNano);
  const root = isRoot
    ? {
        name: own['langfuse.trace.name'] ?? span.name,
        input: own['langfuse.trace.input'] ?? own['langfuse.observation.input'] ?? own['input.value'],
        output: own['langfuse.trace.output'] ?? own['langfuse.observation.output'] ?? own['output.value'],
        metadata: {
          ...prefixed(own, 'langfuse.trace.metadata'),
          resourceAttributes: resource,
          scope: item.scope,
        },
      }
    : { name: own['langfuse.trace.name'], metadata: prefixed(own, 'langfuse.trace.metadata') };
  return {
    id: uuid(),
    type: 'trace-create',
    timestamp: time,
    body: {
      id: idText(span.traceId),
      ...(isRoot ? { timestamp: time } : {}),
      ...root,
      userId: first(own, 'langfuse.user.id', 'user.id'),
      sessionId: first(own, 'langfuse.session.id', 'session.id'),
      environment: environment(item),
      release: first(own, 'langfuse.release') ?? first(resource, 'langfuse.release'),
      version: first(own, 'langfuse.version') ?? first(resource, 'langfuse.version', 'service.version'),
      public: first(own, 'langfuse.trace.public', 'langfuse.public'),
      tags: tagsOf(own['langfuse.trace.tags']),
    },
  };
}

function tagsOf(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value.split(',').map((tag) => tag.trim()) : undefined;
}

function observationEvent(item: Span): object {
  const { span, own, resource } = item;
  const type = observationKind(own);
  const parent = idText(span.parentSpanId);
  return {
    id: uuid(),
    type: `${type}-create`,
    timestamp: timeOf(span.startTimeUnixNano),
    body: {
      id: idText(span.spanId),
      traceId: idText(span.traceId),
      ...(parent === '' ? {} : { parentObservationId: parent }),
      name: span.name,
      startTime: timeOf(span.startTimeUnixNano),
      endTime: timeOf(span.endTimeUnixNano),
      environment: environment(item),
      input: first(own, 'langfuse.observation.input', 'gen_ai.prompt', 'input.value'),
      output: first(own, 'langfuse.observation.output', 'gen_ai.completion', 'output.value'),
      level: first(own, 'langfuse.observation.level') ?? (isError(span) ? 'ERROR' : 'DEFAULT'),
      statusMessage: first(own, 'langfuse.observation.status_message') ?? span.status?.message,
      version: first(own, 'langfuse.version') ?? first(resource, 'langfuse.version', 'service.version'),
      metadata: {
        ...prefixed(own, 'langfuse.observation.metadata'),
        attributes: otherAttributes(own),
        resourceAttributes: resource,
        scope: item.scope,
      },
      ...generation(own),
    },
  };
}

const kinds = new Set(
  'span generation event agent tool chain retriever evaluator embedding guardrail'.split(' '),
);

/** Named, or a generation when a model is named. */
function observationKind(own: Attributes): string {
  const named = own['langfuse.observation.type'];
  if (typeof named === 'string' && kinds.has(named.toLowerCase())) return named.toLowerCase();
  return modelOf(own) === undefined ? 'span' : 'generation';
}

function modelOf(own: Attributes): unknown {
  return first(
    own,
    'langfuse.observation.model.name',
    'gen_ai.response.model',
    'gen_ai.request.model',
    'llm.model_name',
    'model',
  );
}

function generation(own: Attributes): object {
  const usage = {
    input: first(own, 'gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'),
    output: first(own, 'gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'),
    total: own['gen_ai.usage.total_tokens'],
  };
  const known = Object.entries(usage).filter(([, value]) => value !== undefined);
  return {
    model: modelOf(own),
    modelParameters: parsed(own['langfuse.observation.model.parameters']),
    usageDetails:
      parsed(own['langfuse.observation.usage_details']) ??
      (known.length === 0 ? undefined : Object.fromEntries(known)),
    costDetails: parsed(own['langfuse.observation.cost_details']),
    completionStartTime: parsed(own['langfuse.observation.completion_start_time']),
    promptName: own['langfuse.observation.prompt.name'],
    promptVersion: own['langfuse.observation.prompt.version'],
  };
}

/** Attributes that hold JSON in a string; anything else stays as it is. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** `<prefix>.a` → `{a}`; the bare prefix may hold a JSON object. */
function prefixed(own: Attributes, prefix: string): Record<string, unknown> {
  const whole = parsed(own[prefix]);
  const found: Record<string, unknown> =
    typeof whole === 'object' && whole !== null ? { ...(whole as Record<string, unknown>) } : {};
  for (const [name, value] of Object.entries(own))
    if (name.startsWith(`${prefix}.`)) found[name.slice(prefix.length + 1)] = value;
  return found;
}

function otherAttributes(own: Attributes): Attributes {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !/^(langfuse\.|gen_ai\.)/.test(name)));
}

function isError(span: OtlpSpan): boolean {
  return span.status?.code === 2 || span.status?.code === 'STATUS_CODE_ERROR';
}
