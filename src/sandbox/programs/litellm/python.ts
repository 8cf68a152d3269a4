/** Why a connection failed, as requests over urllib3 2.7 says it in the last line of its traceback. */
export function requestsError(cause: unknown, url: URL): string {
  const secure = url.protocol === 'https:';
  const [pool, connection] = secure
    ? ['HTTPSConnectionPool', 'HTTPSConnection']
    : ['HTTPConnectionPool', 'HTTPConnection'];
  const place = `(host='${url.hostname}', port=${url.port || (secure ? 443 : 80)})`;
  const gaveUp = (error: string, why: string): string =>
    `requests.exceptions.${error}: ${pool}${place}: Max retries exceeded with url: ${url.pathname} (Caused by ${why})`;
  switch (codeOf(cause)) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return gaveUp(
        'ConnectionError',
        `NameResolutionError("${connection}${place}: Failed to resolve '${url.hostname}' ([Errno -2] Name or service not known)")`,
      );
    case 'ECONNREFUSED':
      return gaveUp(
        'ConnectionError',
        `NewConnectionError("${connection}${place}: Failed to establish a new connection: [Errno 111] Connection refused")`,
      );
    case 'EPROTO':
      return gaveUp(
        'SSLError',
        `SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)'))`,
      );
    case 'ETIMEDOUT':
      return `requests.exceptions.ReadTimeout: ${pool}${place}: Read timed out. (read timeout=10)`;
    default:
      return `requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))`;
  }
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}
