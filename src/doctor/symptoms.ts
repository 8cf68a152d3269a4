/** What else fails when a part of Langfuse does not work: what the checks' `explains` share. */

/** Web does not start or does not answer. */
export const webSilent = ['web/health', 'litellm/reachable', 'web/keep-alive'] as const;

/** The worker does not start or takes no jobs. */
export const workerSilent = [
  'worker/health',
  'worker/running',
  'worker/consuming',
  'queue/backlog',
  'queue/failed',
] as const;

/** Events cannot be put into the bucket or taken out of it. */
export const eventsStuck = ['queue/failed', 'queue/backlog', 'litellm/reachable'] as const;
