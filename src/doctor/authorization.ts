/** Istio's AuthorizationPolicies, as far as namespaces and selectors tell: https://istio.io/latest/docs/reference/config/security/authorization-policy/ */
import type { FreeFormObject, LabelSelector, Pod } from '../ports/kube-objects.ts';
import { matchesLabels } from '../ports/label-selector.ts';

interface Source {
  readonly namespaces?: readonly string[];
  readonly notNamespaces?: readonly string[];
  readonly principals?: readonly string[];
}

interface Rule {
  readonly from?: readonly { readonly source?: Source }[];
  readonly to?: readonly unknown[];
  readonly when?: readonly unknown[];
}

/**
 * Policies that keep one pod from another: a DENY with a rule that surely matches, and all ALLOWs that select the
 * target when no rule of any of them may match. Rules that need more than the caller's namespace are taken as open.
 */
export function authorizationDenials(
  policies: readonly FreeFormObject[],
  source: Pod,
  target: Pod,
): FreeFormObject[] {
  const selecting = policies.filter((policy) => selects(policy, target));
  const from = source.metadata.namespace ?? '';
  const denying = selecting.filter(
    (policy) => actionOf(policy) === 'DENY' && rulesOf(policy).some((rule) => surelyMatches(rule, from)),
  );
  const allowing = selecting.filter((policy) => actionOf(policy) === 'ALLOW');
  const open = allowing.some((policy) => rulesOf(policy).some((rule) => mayMatch(rule, from)));
  return open ? denying : [...denying, ...allowing];
}

function selects(policy: FreeFormObject, target: Pod): boolean {
  if (policy.metadata.namespace !== target.metadata.namespace) return false;
  const selector: LabelSelector = { ...(policy.spec?.['selector'] as LabelSelector | undefined) };
  return matchesLabels(selector, target.metadata.labels ?? {});
}

function actionOf(policy: FreeFormObject): unknown {
  return policy.spec?.['action'] ?? 'ALLOW';
}

function rulesOf(policy: FreeFormObject): readonly Rule[] {
  const rules = policy.spec?.['rules'];
  return Array.isArray(rules) ? (rules as readonly Rule[]) : [];
}

function surelyMatches(rule: Rule, namespace: string): boolean {
  if (rule.to !== undefined || rule.when !== undefined) return false;
  if (rule.from === undefined) return true;
  return rule.from.some(({ source }) => {
    const others = Object.keys(source ?? {}).filter((key) => key !== 'namespaces');
    return others.length === 0 && (source?.namespaces ?? []).some((one) => fits(one, namespace));
  });
}

function mayMatch(rule: Rule, namespace: string): boolean {
  if (rule.from === undefined) return true;
  return rule.from.some(({ source = {} }) => {
    if (source.notNamespaces?.some((one) => fits(one, namespace)) === true) return false;
    if (source.namespaces !== undefined) return source.namespaces.some((one) => fits(one, namespace));
    return source.principals?.some((one) => mayBeOf(one, namespace)) ?? true;
  });
}

/** `*`, `team-*`, `*-prod` and plain names. */
function fits(pattern: string, text: string): boolean {
  if (pattern.startsWith('*')) return text.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : pattern === text;
}

/** Principals are `cluster.local/ns/NAMESPACE/sa/ACCOUNT`; what is not of that form is taken as open. */
function mayBeOf(principal: string, namespace: string): boolean {
  const named = /\/ns\/([^/*]+)\//.exec(principal)?.[1];
  return named === undefined || named === namespace;
}
