import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { parseOptions, pathOf, type Tool } from './tool.ts';

/** busybox httpd in the foreground: serves the files of a folder (-h) on a port (-p). */
export const httpd: Tool = async (args, context) => {
  const options = parseOptions(args, ['-p', '-h']);
  const folder = options.value('-h') ?? '/';
  const port = Number(options.value('-p') ?? 80);
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    readFile(pathOf(context, join(folder, pathname))).then(
      (content) => response.end(content),
      () => response.writeHead(404).end('404: Not Found\n'),
    );
  });
  server.listen(port, context.address);
  await once(server, 'listening');
  if (!context.stopping.aborted) await once(context.stopping, 'abort');
  server.closeAllConnections();
  server.close();
  return 0;
};
