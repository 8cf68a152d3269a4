/** Serves the big namespace to a benchmark: one line of JSON tells where, and it ends with its input. */
import { bigNamespace, bigToken, startBigNamespace } from './big-namespace.ts';

const api = await startBigNamespace();
const { secureUrl, certificate } = api;
process.stdout.write(
  `${JSON.stringify({ secureUrl, certificate, token: bigToken, namespace: bigNamespace })}\n`,
);
process.stdin.resume().on('end', () => void api.close());
