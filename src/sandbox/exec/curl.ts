import { writeFile } from 'node:fs/promises';
import { headersOf, request, type ToolResponse, urlOf } from './http-request.ts';
import { type ParsedOptions, parseOptions, pathOf, type Tool, type ToolContext } from './tool.ts';

const takesValue =
  '-o --output -w --write-out -H --header -d --data --data-raw -X --request -m --max-time --connect-timeout -u --user -A --retry'.split(
    ' ',
  );

/** curl's common options: -s -S -f -k -i -I -o -w -H -d -X -m -u. */
export const curl: Tool = async (args, context) => {
  const options = parseOptions(args, takesValue);
  const url = urlOf(options.rest[0] ?? '');
  try {
    const response = await request(context, toRequest(url, options));
    if (options.has('-f', '--fail') && response.status >= 400) {
      complain(context, options, 22, `The requested URL returned error: ${response.status}`);
      return 22;
    }
    await print(response, options, context);
    return 0;
  } catch (error) {
    const [code, text] = reason(error, url);
    context.stdout((options.value('-w', '--write-out') ?? '').replace('%{http_code}', '000'));
    complain(context, options, code, text);
    return code;
  }
};

function toRequest(url: URL, options: ParsedOptions): Parameters<typeof request>[1] {
  const data = options.values('-d', '--data', '--data-raw');
  const user = options.value('-u', '--user');
  const timeout = options.value('-m', '--max-time') ?? options.value('--connect-timeout');
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  return {
    url,
    method:
      options.value('-X', '--request') ?? (options.has('-I') ? 'HEAD' : data.length > 0 ? 'POST' : 'GET'),
    headers: {
      'User-Agent': 'curl/8.5.0',
      Accept: '*/*',
      Connection: 'close',
      ...(user === undefined ? {} : { Authorization: `Basic ${Buffer.from(user).toString('base64')}` }),
      ...(data.length > 0 ? form : {}),
      ...headersOf(options.values('-H', '--header')),
    },
    insecure: options.has('-k', '--insecure'),
    ...(data.length > 0 ? { body: data.join('&') } : {}),
    ...(timeout === undefined ? {} : { timeoutMs: Number(timeout) * 1000 }),
  };
}

async function print(response: ToolResponse, options: ParsedOptions, context: ToolContext): Promise<void> {
  const head = [
    `HTTP/1.1 ${response.status} ${response.statusText}`,
    ...response.headers.map(([name, value]) => `${name}: ${value}`),
  ];
  const withHead = options.has('-i', '-I', '--include', '--head');
  const text = `${withHead ? `${head.join('\r\n')}\r\n\r\n` : ''}${response.body}`;
  const target = options.value('-o', '--output');
  if (target === undefined || target === '-') context.stdout(text);
  else if (target !== '/dev/null') await writeFile(pathOf(context, target), text);
  const format = options.value('-w', '--write-out') ?? '';
  context.stdout(format.replace('%{http_code}', String(response.status)).replaceAll(String.raw`\n`, '\n'));
}

function complain(context: ToolContext, options: ParsedOptions, code: number, text: string): void {
  if (!options.has('-s', '--silent') || options.has('-S', '--show-error'))
    context.stderr(`curl: (${code}) ${text}\n`);
}

function reason(error: unknown, url: URL): [number, string] {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [6, `Could not resolve host: ${url.hostname}`];
    case 'ECONNREFUSED':
      return [7, `Failed to connect to ${url.hostname} port ${port} after 0 ms: Couldn't connect to server`];
    case 'ETIMEDOUT':
      return [28, 'Connection timed out'];
    case 'ECONNRESET':
      return [52, 'Empty reply from server'];
    default:
      return [1, message];
  }
}
