import { reportedVersion } from '../../deployment/reported-version.ts';
import { LfctlError } from '../../errors/error.ts';
import type { LangfusePort } from '../../ports/langfuse.ts';
import { readHop } from '../hops/read.ts';
import { projectOf } from '../target.ts';
import { notItsOwn } from './answer.ts';
import type { Finding, Probe, ProbeContext, View } from './probe.ts';
import { notLooked, skipped } from './probe.ts';
import { publicTarget, type PublicTarget } from './public-target.ts';

/** Health, a question with keys, and the canary, by the way that users come. */
export const publicUrlProbe: Probe = {
  id: 'public-url',
  look: async (context) => {
    const { run, wishes, here } = context;
    const target = publicTarget(wishes, run);
    if ('why' in target) return skipped(target.why);
    const { url, noKeys } = target;
    const pair = noKeys === null ? run.pair : {};
    const client = run.options.openers.openLangfuse({ url: url.href, ...pair }, here);
    try {
      return await ask(context, target, client);
    } catch (error) {
      if (!(error instanceof LfctlError)) throw error;
      return unanswered(error, target, run.view);
    } finally {
      client.close();
    }
  },
};

async function ask(context: ProbeContext, target: PublicTarget, client: LangfusePort): Promise<Finding> {
  const { run } = context;
  const place = `${target.url.origin} (${target.origin})`;
  const say = (status: Finding['status'], detail: string): Finding => ({
    status,
    detail: `${place}: ${detail}`,
    from: run.view,
  });
  const health = await client.get('/api/public/health');
  const strange = notItsOwn(health);
  if (strange !== null) return say('fail', `health is ${strange}`);
  const version = reportedVersion(health.body);
  if (health.status !== 200 || version === null)
    return say('fail', `health answers ${health.status}: ${health.body.slice(0, 200)}`);
  const behind = run.era.version;
  const seen =
    version === behind || behind === null
      ? `Langfuse ${version}`
      : `Langfuse ${version} there, ${behind} by the other way: a rollout, or another deployment`;
  if (target.noKeys !== null)
    return say('ok', `${seen}; no keys were sent: ${target.noKeys} (--public-url sends them)`);
  return say(...(await askWithKeys(context, client, seen)));
}

/** Another Langfuse has other keys, another project, and no canary. */
async function askWithKeys(
  { run, arrived }: ProbeContext,
  client: LangfusePort,
  seen: string,
): Promise<[Finding['status'], string]> {
  const answer = await client.getWithKeys('/api/public/projects');
  const strange = notItsOwn(answer);
  if (strange !== null) return ['fail', `${seen}, and a request with keys is ${strange}`];
  if (answer.status === 401 || answer.status === 403)
    return [
      'fail',
      `${seen} refuses keys that are taken by the other way: another deployment, or Authorization is dropped`,
    ];
  if ((await projectOf(client)) !== run.projectId)
    return ['fail', `${seen}, and the keys open another project there: another deployment`];
  const canary = await arrived;
  if (canary === null) return ['ok', `${seen} takes the keys; no canary has come that could be read there`];
  const look = await readHop(client, canary, run.era).look({ sinceMs: Infinity, looks: new Map() });
  return look.state === 'seen'
    ? ['ok', `${seen}, and the canary is read there`]
    : ['fail', `${seen}, and the canary is not read there: ${look.detail}`];
}

/** A name or a way that is not known from here says nothing of those of users; a certificate is judged by its own probe. */
function unanswered(error: LfctlError, { url, origin }: PublicTarget, view: View): Finding {
  const isGiven = origin === '--public-url';
  const fails =
    error.code === 'LANGFUSE_REFUSED' ||
    error.code === 'LANGFUSE_CLOSED' ||
    error.code === 'LANGFUSE_ANSWER' ||
    (error.code === 'LANGFUSE_UNKNOWN_HOST' && isGiven);
  const found = notLooked(error, view);
  return {
    ...found,
    status: fails ? 'fail' : 'unknown',
    detail: `${url.origin} (${origin}): ${found.detail}`,
  };
}
