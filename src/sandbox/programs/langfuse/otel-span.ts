import { environmentOf } from './events.ts';
import {
  attributesOf,
  idText,
  timeOf,
  type Attributes,
  type OtlpResourceSpans,
  type OtlpSpan,
} from './otel-attributes.ts';
import {
  firstSaid,
  modelSaid,
  parsed,
  prefixed,
  restOfAttributes,
  tagsSaid,
  usageSaid,
} from './otel-names.ts';

/** What a span says, in Langfuse's words; events of 3 and rows of 4 are both made of it (OtelIngestionProcessor.ts). */
export interface SpanReading {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Without a parent, or declared to stand for its trace. */
  readonly isRoot: boolean;
  /** Says something about its trace although it is not the root. */
  readonly updatesTrace: boolean;
  readonly isAppRoot: boolean;
  readonly name: string;
  /** In capitals, as rows have it. */
  readonly type: string;
  readonly environment: string;
  readonly version: unknown;
  readonly release: unknown;
  /** ISO times. */
  readonly start: string;
  readonly end: string;
  readonly completionStart: unknown;
  readonly level: string;
  readonly statusMessage: unknown;
  readonly input: unknown;
  readonly output: unknown;
  readonly model: unknown;
  readonly modelParameters: unknown;
  readonly usage: unknown;
  readonly cost: unknown;
  readonly promptName: unknown;
  readonly promptVersion: unknown;
  readonly trace: TraceReading;
  readonly metadata: MetadataReading;
  readonly resource: Attributes;
  readonly scope: { readonly name?: string; readonly version?: string };
}

interface TraceReading {
  readonly name: unknown;
  readonly userId: unknown;
  readonly sessionId: unknown;
  readonly tags: readonly string[];
  readonly public: boolean | undefined;
  readonly input: unknown;
  readonly output: unknown;
}

interface MetadataReading {
  readonly observation: Readonly<Record<string, unknown>>;
  readonly trace: Readonly<Record<string, unknown>>;
  /** Attributes, resource and scope, as they travel with every span; a Langfuse SDK's own attributes stay away. */
  readonly context: Readonly<Record<string, unknown>>;
}

interface Place {
  readonly span: OtlpSpan;
  readonly own: Attributes;
  readonly resource: Attributes;
  readonly scope: { readonly name?: string; readonly version?: string; readonly attributes: Attributes };
}

/** All spans of an export, in their order. */
export function readSpans(resourceSpans: readonly OtlpResourceSpans[]): SpanReading[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ scope, spans = [] }) =>
      spans.map((span) =>
        readSpan({
          span,
          own: attributesOf(span.attributes),
          resource: attributesOf(resource?.attributes),
          scope: { ...scope, attributes: attributesOf(scope?.attributes) },
        }),
      ),
    ),
  );
}

function readSpan(place: Place): SpanReading {
  const { span, own, resource, scope } = place;
  const parent = idText(span.parentSpanId);
  const trace = traceSaid(own);
  const isRoot = parent === '' || isTrue(own['langfuse.internal.as_root']);
  return {
    traceId: idText(span.traceId),
    spanId: idText(span.spanId),
    parentSpanId: parent === '' ? undefined : parent,
    isRoot,
    updatesTrace: !isRoot && updatesTrace(own),
    isAppRoot: isTrue(own['langfuse.internal.is_app_root']),
    name: span.name ?? '',
    type: kindOf(own).toUpperCase(),
    environment: environment(place),
    version: own['langfuse.version'] ?? resource['service.version'] ?? null,
    release: own['langfuse.release'] ?? resource['langfuse.release'] ?? null,
    start: timeOf(span.startTimeUnixNano),
    end: timeOf(span.endTimeUnixNano),
    level: level(place),
    statusMessage: own['langfuse.observation.status_message'] ?? span.status?.message ?? null,
    ...observationSaid(own),
    trace,
    metadata: metadataOf(place),
    resource,
    scope,
  };
}

function observationSaid(
  own: Attributes,
): Pick<
  SpanReading,
  | 'input'
  | 'output'
  | 'model'
  | 'modelParameters'
  | 'usage'
  | 'cost'
  | 'completionStart'
  | 'promptName'
  | 'promptVersion'
> {
  const isGeneration = kindOf(own) === 'generation';
  return {
    input: firstSaid(own, 'input'),
    output: firstSaid(own, 'output'),
    model: modelSaid(own),
    modelParameters: parsed(own['langfuse.observation.model.parameters']),
    usage: usageSaid(own),
    cost: parsed(own['langfuse.observation.cost_details']),
    completionStart: parsed(own['langfuse.observation.completion_start_time']),
    promptName: isGeneration ? own['langfuse.observation.prompt.name'] : undefined,
    promptVersion: isGeneration ? own['langfuse.observation.prompt.version'] : undefined,
  };
}

function traceSaid(own: Attributes): TraceReading {
  const isPublic = own['langfuse.trace.public'] ?? own['langfuse.public'];
  return {
    name: own['langfuse.trace.name'],
    userId: firstSaid(own, 'userId'),
    sessionId: firstSaid(own, 'sessionId'),
    tags: tagsSaid(own),
    public: isPublic === undefined ? undefined : isTrue(isPublic),
    input: own['langfuse.trace.input'],
    output: own['langfuse.trace.output'],
  };
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function updatesTrace(own: Attributes): boolean {
  return Object.entries(own).some(
    ([name, value]) =>
      name.startsWith('langfuse.trace.metadata') ||
      (/^(langfuse\.trace\.|(langfuse\.)?(user|session)\.id$)/.test(name) && Boolean(value)),
  );
}

function metadataOf({ own, resource, scope }: Place): MetadataReading {
  return {
    observation: prefixed(own, 'langfuse.observation.metadata'),
    trace: prefixed(own, 'langfuse.trace.metadata'),
    context: {
      ...(scope.name?.startsWith('langfuse-sdk') === true ? {} : { attributes: restOfAttributes(own) }),
      resourceAttributes: resource,
      scope,
    },
  };
}

const environmentNames = ['langfuse.environment', 'deployment.environment.name', 'deployment.environment'];

function environment({ own, resource }: Place): string {
  const said = environmentNames.map((name) => own[name] ?? resource[name]).find((value) => Boolean(value));
  return environmentOf(said);
}

function level({ own, span }: Place): string {
  const said = own['langfuse.observation.level'];
  if (typeof said === 'string') return said;
  return span.status?.code === 2 || span.status?.code === 'STATUS_CODE_ERROR' ? 'ERROR' : 'DEFAULT';
}

const kinds = new Set(
  'span generation event agent tool chain retriever evaluator embedding guardrail'.split(' '),
);

/** Named, or a generation when a model is named. */
function kindOf(own: Attributes): string {
  const named = own['langfuse.observation.type'];
  if (typeof named === 'string' && kinds.has(named.toLowerCase())) return named.toLowerCase();
  return modelSaid(own) === undefined ? 'span' : 'generation';
}
