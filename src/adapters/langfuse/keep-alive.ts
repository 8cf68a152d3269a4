/** `timeout=N` of a Keep-Alive header in seconds; null when there is none. RFC 2068 section 19.7.1.1 */
export function keepAliveSeconds(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  const value = /(?:^|[,;\s])timeout\s*=\s*"?(\d+)/i.exec(text)?.[1];
  return value === undefined ? null : Number(value);
}
