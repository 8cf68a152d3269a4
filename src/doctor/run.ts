import { setMaxListeners } from 'node:events';
import type { Settings } from '../deployment/settings.ts';
import type { Deployment, Generation, Mode } from '../deployment/model.ts';
import type { DeploymentView } from '../deployment/view.ts';
import { LfctlError } from '../errors/error.ts';
import type { PortOpeners } from '../ports/openers.ts';
import { checks as allChecks } from './checks/index.gen.ts';
import { collectFacts } from './engine/collect.ts';
import type { Judgement } from './engine/report.ts';
import { judgeFacts } from './engine/report.ts';
import { neededFacts, selectChecks, unmatchedPatterns } from './engine/select.ts';
import type { AnyCheck, AnyFact, Outcomes } from './engine/types.ts';
import { anyCheck } from './engine/types.ts';
import { facts as allFacts } from './facts/index.gen.ts';
import { openPorts } from './ports.ts';
import type { DoctorReport } from './report.ts';
import { knownOf } from './subject.ts';

export interface DoctorOptions extends Judgement {
  readonly settings: Settings;
  readonly openers: PortOpeners;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly fingerprint: (value: string) => string;
  readonly signal: AbortSignal;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly probe: boolean;
  /** Facts beyond those that the selected checks use. */
  readonly alsoFacts?: readonly string[];
  readonly onFact?: (id: string) => void;
}

export interface DoctorRun {
  readonly report: DoctorReport;
  readonly outcomes: Outcomes;
  readonly deployment: DeploymentView | null;
  readonly version: string | null;
  readonly generation: Generation | null;
  readonly mode: Mode | null;
}

/** Facts that tell what this deployment is; always collected, the judgement of all else leans on them. */
const basicFacts = ['deployment/discovery', 'deployment/version'];

/** Collects, judges and ranks once. @throws LfctlError when there is no deployment to look at, or a wrong filter */
export async function runDoctor(options: DoctorOptions): Promise<DoctorRun> {
  const startedMs = options.now().getTime();
  const checks = allChecks.map(anyCheck);
  const selected = chosen(checks, options);
  const { outcomes, refusal } = await collect(selected, options);
  refuseWithoutDeployment(outcomes, options.settings, refusal);
  const { deployment, version, subject } = knownOf(outcomes, options.now());
  const report = judgeFacts(checks, selected, outcomes, subject, options);
  const { generation, mode } = subject;
  const ms = options.now().getTime() - startedMs;
  return { report: { ...report, ms }, outcomes, deployment, version, generation, mode };
}

function chosen(checks: readonly AnyCheck[], { only, skip, require }: DoctorOptions): AnyCheck[] {
  const wrong = unmatchedPatterns(checks, [...only, ...skip, ...require]);
  if (wrong.length > 0)
    throw new LfctlError('USAGE', {
      message: `no check matches ${wrong.join(', ')}`,
      fixes: [{ text: 'areas and ids of all checks', command: 'lfctl explain checks' }],
    });
  const selected = selectChecks(checks, only, skip);
  if (selected.length > 0) return selected;
  // A diagnosis of nothing would be healthy.
  throw new LfctlError('USAGE', {
    message: 'no check is left: --skip takes all that --only names',
    fixes: [{ text: 'areas and ids of all checks', command: 'lfctl explain checks' }],
  });
}

interface Collected {
  readonly outcomes: Outcomes;
  /** Why there is no deployment, with its next steps, which an outcome does not hold. */
  readonly refusal: LfctlError | null;
}

async function collect(selected: readonly AnyCheck[], options: DoctorOptions): Promise<Collected> {
  // Leaves time to judge and print before the run's own deadline.
  const { timeoutMs } = options.settings;
  const budgetMs = Math.ceil(Math.max(timeoutMs - 800, timeoutMs / 2));
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(budgetMs)]);
  // Every fact and every connection listens to it.
  setMaxListeners(0, signal);
  const opened = openPorts({
    ...options,
    connectTimeoutMs: Math.min(4000, budgetMs * 0.5),
    queryTimeoutMs: Math.min(5000, budgetMs * 0.6),
    signal,
  });
  const facts: readonly AnyFact[] = allFacts;
  const wanted = [...basicFacts, ...(options.alsoFacts ?? [])];
  const basics = facts.filter((fact) => wanted.includes(fact.id));
  const needed = [
    ...new Set([...basics, ...neededFacts(facts, selected), ...neededFacts(facts, [asCheck(basics)])]),
  ];
  let refusal: LfctlError | null = null;
  const deployment = async (): Promise<Deployment> => {
    try {
      return await opened.deployment();
    } catch (error) {
      if (error instanceof LfctlError) refusal = error;
      throw error;
    }
  };
  try {
    const outcomes = await collectFacts(needed, {
      context: { ...options, ...opened, deployment },
      factTimeoutMs: budgetMs,
      signal,
      portOf: opened.portOf,
      probe: options.probe,
      ...(options.onFact === undefined ? {} : { onFact: options.onFact }),
    });
    return { outcomes, refusal };
  } finally {
    await opened.close();
    options.signal.throwIfAborted();
  }
}

/** Lets the basic facts bring what they come after, as if a check used them. */
function asCheck(facts: readonly AnyFact[]): AnyCheck {
  return {
    id: '',
    area: 'versions',
    title: '',
    why: '',
    severity: 'info',
    uses: facts.map((fact) => fact.id),
    explains: [],
    evaluate: () => ({ status: 'ok' }),
  };
}

/** Without a deployment and without any URL there is nothing to say but the reason. */
function refuseWithoutDeployment(outcomes: Outcomes, settings: Settings, refusal: LfctlError | null): void {
  const discovery = outcomes.get('deployment/discovery');
  const byUrl = settings.url !== null || Object.values(settings.stores).some((url) => url !== null);
  if (discovery === undefined || discovery.status === 'known' || byUrl) return;
  if (discovery.status === 'skipped')
    throw new LfctlError('NOT_CONFIGURED', { message: 'no cluster and no URL is configured' });
  throw refusal ?? new LfctlError(discovery.code, { message: discovery.reason });
}
