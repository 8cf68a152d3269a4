/** Are the deployment's own credentials accepted? One judgement for every store. */
import type { DeploymentView, StoreView } from '../deployment/view.ts';
import type { Evidence, FindingFix, Verdict } from './check.ts';
import type { Outcome } from './fact.ts';
import type { LoginView, LogView } from './views.ts';
import { addressText, failing, logEvidence, logHits } from './wording.ts';

export interface Credentials {
  readonly title: string;
  readonly deployment: Outcome<DeploymentView>;
  readonly storeOf: (deployment: DeploymentView) => StoreView;
  readonly login: LoginView;
  readonly logs: Outcome<readonly LogView[]>;
  /** Log patterns that mean "refused". */
  readonly patterns: readonly string[];
  /** Line that tries the login again; the password is asked for or read from the Secret, never in it. */
  readonly again: (store: StoreView) => string;
  readonly fix: (store: StoreView) => readonly [FindingFix, ...FindingFix[]];
  readonly reachable: string;
}

export function judgeCredentials(given: Credentials): Verdict {
  const { login, title } = given;
  if (login.ok) return { status: 'ok' };
  if (!login.code.endsWith('_AUTH'))
    return { status: 'unknown', reason: login.message, blockers: [given.reachable] };
  if (given.deployment.status !== 'known') return failByUrl(given, login.message);
  const store = given.storeOf(given.deployment.value);
  const evidence: [Evidence, ...Evidence[]] = [
    {
      source: `login to ${title} with ${store.variables.join(', ')}`,
      again: given.again(store),
      observed: login.message,
      expected: 'accepted',
    },
  ];
  const hit = given.logs.status === 'known' ? logHits(given.logs.value, given.patterns)[0] : undefined;
  if (hit !== undefined) evidence.push(logEvidence(hit.view, hit.finding, 'no refusal'));
  const user = store.user === null ? '' : ` for user ${store.user}`;
  return failing(
    `${title} at ${addressText(store)} refuses Langfuse's credentials${user}`,
    evidence,
    given.fix(store),
  );
}

function failByUrl({ title }: Credentials, message: string): Verdict {
  return failing(
    `${title} refuses the credentials of the given URL`,
    [{ source: 'connection of lfctl', again: 'lfctl doctor', observed: message, expected: 'accepted' }],
    [{ text: 'correct user and password of the URL', automatic: false }],
  );
}
