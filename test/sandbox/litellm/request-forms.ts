import { decodeExport } from '../../../src/sandbox/programs/langfuse/otlp-protobuf.ts';
import type { SentRequest } from './captures.ts';

/** Headers that a server could go by; the rest belongs to the connection. */
const heardHeaders = /^(?:authorization|content-type|user-agent|x[-_].*)$/;

/** Each kind of request once: where it goes, with which headers, and what is in it. */
export function requestForms(requests: readonly SentRequest[]): unknown[] {
  const forms = requests.map((request) => JSON.stringify(form(request)));
  return [...new Set(forms)].sort().map((text) => JSON.parse(text) as unknown);
}

function form({ method, path, headers, bodyJson, bodyBase64 }: SentRequest): unknown {
  const heard = Object.entries(headers).filter(([name]) => heardHeaders.test(name));
  const body = bodyJson === undefined ? spanNames(bodyBase64) : eventTypes(bodyJson);
  return { method, path, headers: Object.fromEntries(heard.sort(([a], [b]) => (a < b ? -1 : 1))), body };
}

/** Batches have more or fewer events by chance of time; their kinds and their end are always the same. */
function eventTypes(body: unknown): unknown {
  const { batch, metadata } = body as {
    readonly batch: readonly { readonly type: string }[];
    readonly metadata: Readonly<Record<string, unknown>>;
  };
  const { batch_size: _, ...rest } = metadata;
  return { types: [...new Set(batch.map(({ type }) => type))], metadata: rest };
}

/** The one span of a call that Langfuse makes an observation of; the others are LiteLLM's own steps. */
const calls = new Set(['litellm_request', 'litellm-acompletion']);

function spanNames(base64: string | undefined): unknown {
  if (base64 === undefined || base64 === '') return null;
  const spans = decodeExport(Buffer.from(base64, 'base64'), 'text').flatMap(({ scopeSpans }) =>
    (scopeSpans ?? []).flatMap((scope) => scope.spans ?? []),
  );
  return [...new Set(spans.map(({ name }) => name ?? ''))].filter((name) => calls.has(name));
}
