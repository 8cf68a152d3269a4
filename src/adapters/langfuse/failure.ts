import type { LfctlError } from '../../errors/error.ts';
import type { LangfuseTarget } from '../../ports/langfuse.ts';
import { codeOf, DialError, errorLine, networkFailure } from '../net/network-error.ts';
import type { StorePlace } from '../net/store-error.ts';
import { connectionError, failedError, storeError } from '../net/store-error.ts';

function langfusePlace(target: LangfuseTarget): StorePlace {
  const url = new URL(target.url);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { prefix: 'LANGFUSE', title: 'HTTP', host, port, secrets: [target.secretKey] };
}

/** What it becomes when there was no HTTP answer at all. */
export function langfuseError(target: LangfuseTarget, error: unknown): LfctlError {
  const at = langfusePlace(target);
  const code = codeOf(error);
  const line = errorLine(error);
  if (code?.startsWith('HPE_') === true)
    return storeError(at, 'LANGFUSE_ANSWER', `it does not speak HTTP (${code})`);
  const broken = networkFailure(error) === null && /^aborted$|socket hang up/.test(line);
  const known = broken ? new DialError('ECONNRESET', 'the connection was closed within an answer') : error;
  return connectionError(at, known) ?? failedError(at, error);
}
