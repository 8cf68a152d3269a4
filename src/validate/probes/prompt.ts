import { notItsOwn } from './answer.ts';
import type { Probe } from './probe.ts';
import { viewOfRun } from './view.ts';

/** Nobody has it: its own 404 shows that prompts are looked up. */
const name = 'lfctl-canary-no-such-prompt';

/** Fetches a prompt as SDKs do, without making one. */
export const promptProbe: Probe = {
  id: 'prompt',
  look: async ({ run }) => {
    const answer = await run.langfuse.getWithKeys(`/api/public/v2/prompts/${name}`);
    const from = viewOfRun(run);
    const strange = notItsOwn(answer);
    if (strange !== null) return { status: 'fail', detail: `a prompt is ${strange}`, from };
    if (answer.status === 200) return { status: 'ok', detail: 'a prompt was fetched', from };
    if (answer.status === 404 && /not ?found/i.test(answer.body))
      return { status: 'ok', detail: 'a prompt that does not exist is not found', from };
    const detail = `GET /api/public/v2/prompts/{name} answers ${answer.status}: ${answer.body.slice(0, 200)}`;
    return { status: 'fail', detail, from };
  },
};
