import { createServer } from 'node:net';
import { LfctlError } from '../errors/error.ts';

/**
 * Each pod and Service of the sandbox has an address of its own in 127.0.0.0/8. Linux has the whole block on its
 * loopback interface; macOS has 127.0.0.1 alone until more are added by hand.
 * @throws LfctlError SANDBOX_LOOPBACK when the address is not this machine's
 */
export function requireLoopback(address = '127.61.0.2'): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `an address such as ${address} cannot be listened on here (${cause.code ?? cause.message})`;
      reject(new LfctlError('SANDBOX_LOOPBACK', { message, cause }));
    });
    server.listen(0, address, () => server.close(() => resolve()));
  });
}
