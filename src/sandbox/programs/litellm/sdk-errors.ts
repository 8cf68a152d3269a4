import type { SendAnswer } from './send.ts';

const support = 'https://langfuse.com/support';

/** Texts of langfuse-python 2, langfuse/parse_error.py. */
const texts: Readonly<Record<number, string>> = {
  400: 'Bad request. Please check your request for any missing or incorrect parameters. Refer to our API docs: https://api.reference.langfuse.com for details.',
  401: 'Unauthorized. Please check your public/private host settings. Refer to our installation and setup guide: https://langfuse.com/docs/sdk/typescript/guide for details on SDK configuration.',
  403: 'Forbidden. Please check your access control settings. Refer to our RBAC docs: https://langfuse.com/docs/rbac for details.',
  404: `Internal error occurred. This is an unusual occurrence and we are monitoring it closely. For help, please contact support: ${support}.`,
  429: 'Rate limit exceeded. For more information on rate limits please see: https://langfuse.com/faq/all/api-limits',
  500: `Internal server error occurred. For help, please contact support: ${support}`,
  502: `Bad gateway. This is an unusual occurrence and we are monitoring it closely. For help, please contact support: ${support}.`,
  503: `Service unavailable. This is an unusual occurrence and we are monitoring it closely. For help, please contact support: ${support}.`,
  504: `Gateway timeout. This is an unusual occurrence and we are monitoring it closely. For help, please contact support: ${support}.`,
};
const unexpected = `Unexpected error occurred. Please check your request and contact support: ${support}.`;

/** What the SDK logs of a connection that failed, whatever the reason: neither the host nor the cause is named. */
export const lineOfFailure = `ERROR:langfuse:${unexpected}`;

/**
 * What the SDK logs of an answer once its tries are used up; null where there is nothing to say. It drops what is
 * refused with 4xx without a word (langfuse/_task_manager/ingestion_consumer.py): wrong keys leave no line.
 */
export function lineOfAnswer({ status, body }: SendAnswer): string | null {
  if (status === 200 || status === 201) return null;
  if (status === 207) return lineOfErrors(errorsOf(body));
  if (status >= 400 && status < 500 && status !== 429) return null;
  return `ERROR:langfuse:API error occurred: ${texts[status] ?? unexpected}`;
}

function lineOfErrors(errors: readonly unknown[]): string | null {
  if (errors.length === 0) return null;
  const lines = errors.map((error) => texts[statusOf(error)] ?? unexpected);
  return `ERROR:langfuse:API errors occurred: ${lines.join('\n')}`;
}

function errorsOf(body: string): readonly unknown[] {
  try {
    const json: unknown = JSON.parse(body);
    const errors = typeof json === 'object' && json !== null && 'errors' in json ? json.errors : [];
    return Array.isArray(errors) ? errors : [];
  } catch {
    return [];
  }
}

function statusOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0;
}
