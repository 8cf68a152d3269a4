import type { Component, EnvVariable, LiteLlm } from './model.ts';
import { secretName, withoutLogin } from './redact.ts';
import { breaksUrl, unencodedCharacters } from './targets/postgres.ts';
import type { ComponentEnvView, ValueShape, VariableView } from './view.ts';

/**
 * Names whose values are shown: switches, numbers, names of buckets and hosts. A name that is not here is never shown,
 * whatever it holds.
 */
const shown: readonly RegExp[] = [
  /^(NODE_ENV|NODE_OPTIONS|PORT|HOSTNAME|TZ|KEEP_ALIVE_TIMEOUT|TELEMETRY_ENABLED)$/,
  /^LANGFUSE_HTTP_(KEEPALIVE|HEADERS)_TIMEOUT_MS$/,
  /^LANGFUSE_S3_(EVENT_UPLOAD|MEDIA_UPLOAD|BATCH_EXPORT)_(BUCKET|PREFIX|REGION|ENDPOINT|EXTERNAL_ENDPOINT|FORCE_PATH_STYLE|ENABLED)$/,
  /^(LANGFUSE_)?S3_(ENDPOINT|FORCE_PATH_STYLE|BUCKET_NAME|REGION)$/,
  /^CLICKHOUSE_(DB|USER|CLUSTER_ENABLED|CLUSTER_NAME|MIGRATION_SSL)$/,
  /^REDIS_(HOST|PORT|KEY_PREFIX|CLUSTER_ENABLED|SENTINEL_ENABLED|TLS_ENABLED|SOCKET_TIMEOUT_MS)$/,
  /^DATABASE_(HOST|PORT|NAME|USERNAME)$/,
  /^(LANGFUSE_MIGRATION_V4|LANGFUSE_BACKGROUND_MIGRATION|LANGFUSE_AUTO_|LANGFUSE_ENABLE_|LANGFUSE_LOG_|LANGFUSE_CACHE_|QUEUE_CONSUMER_)\w+$/,
  /^LANGFUSE_INGESTION_\w+$/,
  /^LANGFUSE_S3_(CONCURRENT_(READS|WRITES)|MEDIA_(UPLOAD_)?(MAX_CONTENT_LENGTH|DOWNLOAD_URL_EXPIRY_SECONDS))$/,
  /^ENABLE_EXPERIMENTAL_FEATURES$/,
  /^AUTH_(DISABLE_SIGNUP|DISABLE_USERNAME_PASSWORD)$/,
  /^NEXTAUTH_URL$/,
  /^LANGFUSE_(HOST|OTEL_HOST|BASE_URL)$/,
];

export function envView(
  owner: Component | (LiteLlm & { readonly role?: undefined }),
  fingerprint: (value: string) => string,
): Omit<ComponentEnvView, 'role'> {
  return {
    workload: owner.workload,
    container: owner.container,
    variables: [...owner.env.variables.values()].map((variable) => variableView(variable, fingerprint)),
    unreadable: owner.env.unreadable,
  };
}

export function variableView(variable: EnvVariable, fingerprint: (value: string) => string): VariableView {
  const text = variable.value?.reveal() ?? null;
  const may = shown.some((pattern) => pattern.test(variable.name));
  return {
    name: variable.name,
    source: variable.source,
    fingerprint: text === null || text === '' ? null : fingerprint(text),
    value: text !== null && may ? withoutLogin(text) : null,
    shape: text === null ? null : shapeOf(text, variable.name),
  };
}

/** Length, alphabet and URL parts: what checks need of a secret. The name decides what may be looked at. */
function shapeOf(text: string, name: string): ValueShape {
  const isUrl =
    /_URL$|_ENDPOINT$|_HOST$|CONNECTION_STRING$/.test(name) && /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const unencoded = isUrl ? unencodedCharacters(text) : '';
  return {
    length: text.length,
    hex: /^[0-9a-f]+$/i.test(text),
    // A broken one has parts of its password in host, port and path.
    url: isUrl && !breaksUrl(unencoded) ? urlParts(text) : null,
    unencoded: secretName(name) ? unencoded : '',
  };
}

function urlParts(text: string): ValueShape['url'] {
  try {
    const url = new URL(text);
    return {
      scheme: url.protocol.replace(/:$/, ''),
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? null : Number(url.port),
      path: url.pathname,
      user: url.username,
    };
  } catch {
    return null;
  }
}
