import type { LangfusePort } from '../../ports/langfuse.ts';
import type { Broom } from './broom.ts';

/**
 * Asks Langfuse itself, where its stores cannot be reached: `DELETE /api/public/traces` answers at once, and a worker
 * does it within minutes (one job of a deployment in two minutes). What is left then is not known here.
 */
export function apiBroom(langfuse: LangfusePort): Broom {
  return {
    store: 'api',
    sweep: async (canaries) => {
      const answer = await langfuse.sendWithKeys({
        method: 'DELETE',
        path: '/api/public/traces',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify({ traceIds: canaries.map(({ traceId }) => traceId) })),
      });
      return answer.status === 200 ? 0 : canaries.length;
    },
  };
}
