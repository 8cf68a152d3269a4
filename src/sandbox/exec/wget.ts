import { writeFile } from 'node:fs/promises';
import { headersOf, request, type ToolResponse, urlOf } from './http-request.ts';
import { parseOptions, pathOf, type Tool, type ToolContext } from './tool.ts';

const takesValue = ['-O', '-T', '-t', '--header', '--post-data', '--timeout', '--tries', '-U', '-o'];

/** busybox wget, as the Langfuse images have it. */
export const wget: Tool = async (args, context) => {
  const options = parseOptions(args, takesValue);
  const url = urlOf(options.rest[0] ?? '');
  const seconds = options.value('-T', '--timeout');
  const body = options.value('--post-data');
  try {
    const response = await request(context, {
      url,
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'User-Agent': 'Wget', Connection: 'close', ...headersOf(options.values('--header')) },
      ...(body === undefined ? {} : { body }),
      ...(seconds === undefined ? {} : { timeoutMs: Number(seconds) * 1000 }),
    });
    if (options.has('-S', '--server-response')) printHeaders(response, context);
    if (response.status >= 400) {
      context.stderr(`wget: server returned error: HTTP/1.1 ${response.status} ${response.statusText}\n`);
      return 1;
    }
    if (!options.has('--spider')) await save(options.value('-O') ?? '', response.body, context, url);
    return 0;
  } catch (error) {
    context.stderr(`wget: ${await reason(error, url, context)}\n`);
    return 1;
  }
};

function printHeaders(response: ToolResponse, context: ToolContext): void {
  context.stderr(`  HTTP/1.1 ${response.status} ${response.statusText}\n`);
  for (const [name, value] of response.headers) context.stderr(`  ${name}: ${value}\n`);
}

async function save(target: string, body: string, context: ToolContext, url: URL): Promise<void> {
  if (target === '-') context.stdout(body);
  else if (target !== '/dev/null') {
    const name = target === '' ? (url.pathname.split('/').at(-1) ?? '') || 'index.html' : target;
    await writeFile(pathOf(context, name), body);
  }
}

async function reason(failure: unknown, url: URL, context: ToolContext): Promise<string> {
  const { code = '', message } = failure as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `bad address '${url.hostname}'`;
    case 'ECONNREFUSED': {
      const address = await context.resolve(url.hostname).catch(() => url.hostname);
      return `can't connect to remote host (${address}): Connection refused`;
    }
    case 'ETIMEDOUT':
      return 'download timed out';
    case 'ECONNRESET':
      return 'error getting response';
    default:
      return message;
  }
}
