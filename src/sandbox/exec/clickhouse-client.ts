import { request } from './http-request.ts';
import { parseOptions, type Tool } from './tool.ts';

const takesValue =
  '-q --query -u --user --password -h --host --port -d --database -f --format --max_memory_usage --receive_timeout'.split(
    ' ',
  );

/** clickhouse-client -q, over the server's HTTP port. */
export const clickhouseClient: Tool = async (args, context) => {
  const options = parseOptions(args, takesValue);
  const host = options.value('-h', '--host') ?? 'localhost';
  const url = new URL(`http://${host}:8123/`);
  url.searchParams.set('database', options.value('-d', '--database') ?? 'default');
  url.searchParams.set('default_format', options.value('-f', '--format') ?? 'TabSeparated');
  const user = options.value('-u', '--user') ?? context.env['CLICKHOUSE_USER'] ?? 'default';
  const password = options.value('--password') ?? context.env['CLICKHOUSE_PASSWORD'] ?? '';
  try {
    const response = await request(context, {
      url,
      method: 'POST',
      headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password },
      body: options.value('-q', '--query') ?? (await context.stdin()),
    });
    if (response.status === 200) {
      context.stdout(response.body);
      return 0;
    }
    context.stderr(`Received exception from server:\n${response.body.trim()}\n`);
    return Number(/^Code: (\d+)/.exec(response.body)?.[1] ?? 1) % 256 || 1;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const why = code === 'ECONNREFUSED' ? `Connection refused (${host}:9000)` : message;
    context.stderr(`Code: 210. DB::NetException: ${why}. (NETWORK_ERROR)\n`);
    return 210;
  }
};
