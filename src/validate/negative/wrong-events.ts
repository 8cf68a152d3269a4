import { randomUUID } from 'node:crypto';
import { LfctlError } from '../../errors/error.ts';
import type { HttpAnswer } from '../../ports/langfuse.ts';
import { scoreEvent } from '../payload/json.ts';
import type { Case, NegativeContext, Observed } from './case.ts';
import { judged } from './case.ts';

const path = '/api/public/ingestion';

async function post({ open, pair }: NegativeContext, body: Buffer): Promise<HttpAnswer> {
  const client = open(pair);
  try {
    const headers = { 'content-type': 'application/json' };
    return await client.sendWithKeys({ method: 'POST', path, headers, body });
  } finally {
    client.close();
  }
}

/** A score, which every version takes by JSON, must not suffer from what stands beside it. */
const malformedCase: Case = {
  name: 'malformed event beside a valid one',
  expected: '207 with an error for it alone, and its neighbour arrives',
  run: async (context) => {
    const id = randomUUID();
    const valid = scoreEvent(context.neighbour);
    // A score without a name and a value: of any other type web of Langfuse 4 would log that an old SDK is at work.
    const batch = [{ id, type: valid.type, timestamp: valid.timestamp, body: {} }, valid];
    const answer = await post(context, Buffer.from(JSON.stringify({ batch })));
    const observed = `${answer.status}${answer.status === 207 ? `: ${answer.body.slice(0, 120)}` : ''}`;
    const { successes, errors } = idsIn(answer.body);
    const isRight = answer.status === 207 && `${errors.join()} ${successes.join()}` === `${id} ${valid.id}`;
    return isRight ? await followed(context) : judged(answer, false, observed);
  },
};

async function followed({ arrived }: NegativeContext): Promise<Observed> {
  const why = await arrived();
  return why === null
    ? { status: 'ok', observed: '207, an error for it alone' }
    : { status: 'unknown', observed: `207, an error for it alone; its neighbour was not seen: ${why}` };
}

interface Ids {
  readonly successes: readonly string[];
  readonly errors: readonly string[];
}

function idsIn(body: string): Ids {
  try {
    const { successes, errors } = JSON.parse(body) as { successes?: unknown; errors?: unknown };
    return { successes: idList(successes), errors: idList(errors) };
  } catch {
    return { successes: [], errors: [] };
  }
}

const idList = (list: unknown): string[] =>
  Array.isArray(list) ? list.map((one) => String((one as { readonly id?: unknown } | null)?.id)) : [];

/** Web takes 4.5 MB (web/src/pages/api/public/ingestion.ts of langfuse/langfuse); proxies before it may take less. */
const oversizedBytes = 4.6 * 1024 * 1024;

const oversizedCase: Case = {
  name: 'body of more than 4.5 MB',
  expected: '413',
  run: async (context) => {
    const body = Buffer.alloc(oversizedBytes, ' ');
    // An empty batch: where it is taken all the same, nothing is stored.
    body.write('{"batch":[]', 0);
    body.write('}', body.length - 1);
    try {
      const answer = await post(context, body);
      const from = /4\.5 ?mb/i.test(answer.body) ? 'web itself' : 'something before web';
      return judged(
        answer,
        answer.status === 413,
        `${answer.status}${answer.status === 413 ? ` of ${from}` : ''}`,
      );
    } catch (error) {
      // Who has read enough may hang up while the rest is still on its way.
      if (error instanceof LfctlError && error.code === 'LANGFUSE_CLOSED')
        return { status: 'ok', observed: 'the connection was closed while it was sent' };
      throw error;
    }
  },
};

export const wrongEventCases: readonly Case[] = [malformedCase, oversizedCase];
