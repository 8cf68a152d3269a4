import type { DeploymentView } from '../deployment/view.ts';
import type { DoctorReport } from '../doctor/report.ts';
import type { ExitName } from '../errors/exit.ts';

/** `deployment` of the JSON envelope. */
export interface DeploymentEnvelope {
  readonly name: string | null;
  readonly context: string | null;
  readonly namespace: string | null;
  readonly release: string | null;
  readonly langfuse: { readonly version: string | null; readonly mode: string | null } | null;
}

/** The deployment as every report names it. */
export function toEnvelope(run: {
  readonly deployment: DeploymentView | null;
  readonly version: string | null;
  /** As the running version has it; else what the image's tag stands for. */
  readonly mode?: DeploymentView['mode'];
}): DeploymentEnvelope | null {
  const { deployment, version } = run;
  if (deployment === null) return null;
  const { name, context, namespace, release } = deployment;
  const mode = run.mode === undefined ? deployment.mode : run.mode;
  return { name, context, namespace, release, langfuse: { version, mode } };
}

/** The exit code that a verdict ends with. */
export function verdictExit(verdict: DoctorReport['verdict']): ExitName {
  switch (verdict) {
    case 'healthy':
      return 'ok';
    case 'findings':
      return 'findings';
    case 'incomplete':
      return 'incomplete';
  }
}
