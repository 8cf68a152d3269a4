/** A value as Python prints it: log lines hold dictionaries. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(pythonText).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, item]) => `${quoted(key)}: ${pythonText(item)}`)
      .join(', ')}}`;
  return typeof value === 'number' ? String(value) : '...';
}

/** Why a connection failed, as httpx says it. */
export function httpxError(cause: unknown): string {
  switch (codeOf(cause)) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'httpx.ConnectError: [Errno -2] Name or service not known';
    case 'ECONNREFUSED':
      return 'httpx.ConnectError: [Errno 111] Connection refused';
    case 'ETIMEDOUT':
      return 'httpx.ConnectTimeout: timed out';
    case 'ECONNRESET':
      return 'httpx.RemoteProtocolError: Server disconnected without sending a response.';
    default:
      return `httpx.ConnectError: ${cause instanceof Error ? cause.message : 'failed'}`;
  }
}

/** Why a connection failed, as requests over urllib3 says it. */
export function requestsError(cause: unknown, url: URL): string {
  const secure = url.protocol === 'https:';
  const pool = `${secure ? 'HTTPS' : 'HTTP'}ConnectionPool(host='${url.hostname}', port=${url.port || (secure ? 443 : 80)})`;
  const connection = `<urllib3.connection.${secure ? 'HTTPS' : 'HTTP'}Connection object at 0x7f3c5d2b9a50>`;
  const retries = `requests.exceptions.ConnectionError: ${pool}: Max retries exceeded with url: ${url.pathname}`;
  switch (codeOf(cause)) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${retries} (Caused by NameResolutionError("${connection}: Failed to resolve '${url.hostname}' ([Errno -2] Name or service not known)"))`;
    case 'ECONNREFUSED':
      return `${retries} (Caused by NewConnectionError('${connection}: Failed to establish a new connection: [Errno 111] Connection refused'))`;
    case 'ETIMEDOUT':
      return `requests.exceptions.ConnectTimeout: ${pool}: Max retries exceeded with url: ${url.pathname} (Caused by ConnectTimeoutError(${connection}, 'Connection to ${url.hostname} timed out. (connect timeout=10)'))`;
    default:
      return `requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))`;
  }
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  if (escaped.includes("'") && !escaped.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll("'", "\\'")}'`;
}
