import { open, type FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LogLine, parseLogLine } from '../../pod/log-lines.ts';
import type { AgentLogOptions } from '../node-agent.ts';

const chunkBytes = 64 * 1024;
const followMs = 100;

/** A container's log file as `kubectl logs` asks for it. @param ended true once nothing more will be written */
export async function* readLog(
  path: string,
  options: AgentLogOptions,
  now: () => Date,
  ended: () => boolean,
): AsyncIterable<Buffer> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return;
  try {
    const since = sinceTime(options, now);
    let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
    for await (const line of lines(file, options, ended)) {
      if (line.time !== '' && line.time < since) continue;
      const text = Buffer.from(
        `${options.timestamps && line.time !== '' ? `${line.time} ` : ''}${line.text}\n`,
      );
      yield text.subarray(0, left);
      left -= text.length;
      if (left <= 0) return;
    }
  } finally {
    await file.close();
  }
}

function sinceTime({ sinceSeconds, sinceTime }: AgentLogOptions, now: () => Date): string {
  if (sinceTime !== undefined) return new Date(sinceTime).toISOString();
  if (sinceSeconds === undefined) return '';
  return new Date(now().getTime() - sinceSeconds * 1000).toISOString();
}

async function* lines(
  file: FileHandle,
  options: AgentLogOptions,
  ended: () => boolean,
): AsyncIterable<LogLine> {
  const reader = lineReader(file);
  const present = await reader.rest();
  yield* options.tailLines === undefined
    ? present
    : options.tailLines === 0
      ? []
      : present.slice(-options.tailLines);
  while (options.follow && !options.signal.aborted) {
    const over = ended();
    const more = await reader.rest();
    yield* more;
    if (over && more.length === 0) return;
    if (more.length === 0)
      await sleep(followMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** Reads whole lines from where it stopped; a line without time has that of the one before. */
function lineReader(file: FileHandle): { rest: () => Promise<readonly LogLine[]> } {
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(chunkBytes);
  let position = 0;
  let open = '';
  let time = '';
  const parse = (text: string): LogLine => {
    const line = parseLogLine(text);
    if (line.time !== '') ({ time } = line);
    return { ...line, time };
  };
  return {
    rest: async () => {
      const found: LogLine[] = [];
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, chunkBytes, position);
        if (bytesRead === 0) return found;
        position += bytesRead;
        const parts = (open + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
        open = parts.pop() ?? '';
        for (const part of parts) found.push(parse(part));
      }
    },
  };
}
