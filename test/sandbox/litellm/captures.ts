import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A request that LiteLLM sent to Langfuse, and what it was told; null where it never was. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyJson?: unknown;
  /** Protobuf. */
  readonly bodyBase64?: string;
  readonly answer: { readonly status: number; readonly body: string } | null;
}

/** What was asked of LiteLLM. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  readonly answer: string;
}

/** One run of a real LiteLLM proxy: scripts/record-litellm.mjs. */
export interface LiteLlmCapture {
  readonly capture: string;
  readonly litellm: string;
  readonly env: Readonly<Record<string, string | null>>;
  readonly config: string;
  readonly exit: number | string;
  readonly http: readonly Asked[];
  readonly requests: readonly SentRequest[];
  readonly log: readonly string[];
}

const root = 'test/fixtures/captures';

/** The recordings of one version of LiteLLM, by their names. */
export function capturesOf(version: string): readonly LiteLlmCapture[] {
  const folder = join(root, `litellm-${version}`);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as LiteLlmCapture);
}

/** LiteLLM's lines about clients' own mistakes are left out: there are no clients in a sandbox. */
const told =
  /^(?:ERROR|WARNING):(?:langfuse|opentelemetry\.(?:exporter|sdk\.trace\.export)\b)|^requests\.exceptions\.\w+: |Langfuse (?:export to|rejected)|^TypeError: Langfuse|^Bad request\.|^ERROR: +Application startup failed|^ERROR:LiteLLM:\[Non-Blocking/;

/** What a log says of Langfuse and of the start, each once; addresses left out, as each run has its own. */
export function toldLines(log: readonly string[]): string[] {
  const lines = log.filter((line) => told.test(line)).map(withoutAddress);
  return [...new Set(lines)].sort();
}

function withoutAddress(line: string): string {
  const plain = line.replace(/^\d\d:\d\d:\d\d - LiteLLM:(\w+): langfuse_sdk\.py(?::\d+)? - /, '$1 ');
  const urls = plain.replaceAll(/http:\/\/127\.[\d.]+:\d+/g, 'http://H:P');
  return urls.replaceAll(
    /host='(?:127\.[\d.]+|[\w.-]+\.svc\.cluster\.local)', port=\d+/g,
    "host='H', port=P",
  );
}
