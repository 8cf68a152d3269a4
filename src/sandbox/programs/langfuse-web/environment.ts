import { badUrl, isUrl, missing, type Issue, type Settings } from '../langfuse/settings.ts';

const saltMessage =
  'A strong Salt is required to encrypt API keys securely. See: https://langfuse.com/self-hosting#deploy-the-container';

/** Problems of web's own variables (web/src/env.mjs): the `❌ Invalid environment variables` of the log. */
export function webIssues(settings: Settings): Issue[] {
  const issues: Issue[] = [];
  const url = settings.text('NEXTAUTH_URL');
  if (settings.text('NEXTAUTH_SECRET') === undefined) issues.push(missing('NEXTAUTH_SECRET'));
  if (url === undefined) issues.push(missing('NEXTAUTH_URL'));
  else if (!isUrl(url)) issues.push(badUrl('NEXTAUTH_URL'));
  if (settings.text('SALT') === undefined) issues.push(missing('SALT', saltMessage));
  return issues;
}

/** Issues as t3-env prints them: field name → texts. */
export function byField(issues: readonly Issue[]): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const issue of issues) (fields[issue.path[0]] ??= []).push(issue.message);
  return fields;
}
