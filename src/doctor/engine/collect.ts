import { setMaxListeners } from 'node:events';
import { LfctlError } from '../../errors/error.ts';
import type { FactContext, Outcome, PortName } from '../fact.ts';
import { Skipped } from '../fact.ts';
import type { AnyFact, Outcomes } from './types.ts';

export interface CollectOptions {
  /** Everything a fact gets but its own signal and the earlier facts. */
  readonly context: Omit<FactContext, 'signal' | 'fact'>;
  /** Deadline of one fact from its start, in milliseconds. */
  readonly factTimeoutMs: number;
  /** Ends the whole collection. */
  readonly signal: AbortSignal;
  /** Which port an error came from, where it came from opening one. */
  readonly portOf: (error: unknown) => PortName | undefined;
  /** Runs facts of cost `active` too. */
  readonly probe: boolean;
  readonly onFact?: (id: string) => void;
}

/** Collects all facts, each once, as parallel as their order allows. Never rejects: what fails is an outcome. */
export async function collectFacts(facts: readonly AnyFact[], options: CollectOptions): Promise<Outcomes> {
  const outcomes = new Map<string, Outcome<unknown>>();
  const running = new Map<string, Promise<void>>();
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const start = (fact: AnyFact): Promise<void> => {
    const known = running.get(fact.id);
    if (known !== undefined) return known;
    const run = (async () => {
      await Promise.all(
        fact.after
          .map((id) => byId.get(id))
          .filter((one) => one !== undefined)
          .map(start),
      );
      outcomes.set(fact.id, await collectOne(fact, outcomes, options));
      options.onFact?.(fact.id);
    })();
    running.set(fact.id, run);
    return run;
  };
  await Promise.all(facts.map(start));
  return outcomes;
}

async function collectOne(
  fact: AnyFact,
  earlier: Outcomes,
  options: CollectOptions,
): Promise<Outcome<unknown>> {
  if (fact.cost === 'active' && !options.probe) return { status: 'skipped', reason: 'needs --probe', ms: 0 };
  const startedMs = options.context.now().getTime();
  const deadline = AbortSignal.timeout(options.factTimeoutMs);
  const signal = AbortSignal.any([deadline, options.signal]);
  setMaxListeners(0, signal);
  const context: FactContext = {
    ...options.context,
    access: { ...options.context.access, signal },
    signal,
    fact: (id) =>
      earlier.get(id) ?? { status: 'unknown', code: 'BUG', reason: `${id} is not in \`after\``, ms: 0 },
  };
  const ms = (): number => options.context.now().getTime() - startedMs;
  try {
    const value = await Promise.race([fact.collect(context), rejectOn(signal)]);
    return { status: 'known', value, ms: ms() };
  } catch (error) {
    return failed(error, ms(), options);
  }
}

function failed(error: unknown, ms: number, options: CollectOptions): Outcome<unknown> {
  if (error instanceof Skipped) return { status: 'skipped', reason: error.message, ms };
  if (error instanceof LfctlError) {
    const port = options.portOf(error);
    return {
      status: 'unknown',
      code: error.code,
      reason: error.message,
      ...(port === undefined ? {} : { port }),
      ms,
    };
  }
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError' || name === 'AbortError')
    return {
      status: 'unknown',
      code: 'TIMEOUT',
      reason: `no answer within ${ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`}`,
      ms,
    };
  return { status: 'unknown', code: 'BUG', reason: `a fault of lfctl: ${String(error)}`, ms };
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError'));
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
