import type { OutputStream } from './host.ts';

/** Writes text and resolves when the stream has it. A reader that has gone away is not an error (`| head -1`). */
export async function writeText(stream: OutputStream, text: string): Promise<Error | null> {
  if (text === '') return null;
  return await new Promise((resolve) => {
    stream.write(text, (error) => {
      resolve(error === undefined || error === null || isGone(error) ? null : error);
    });
  });
}

const isGone = (error: Error): boolean =>
  'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
