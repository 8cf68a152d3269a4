/** Users and their addresses as Langfuse compares them: always in lower case (web/src/server/auth.ts). */
export const lowered = (email: string): string => email.toLowerCase();

/** A row whose address has other than lower-case letters is never found at sign-in. */
export const isFound = (email: string): boolean => email === lowered(email);

/** Part after the `@`, lower-case, as SSO enforcement compares it; empty where there is none. */
export const domainOf = (email: string): string => lowered(email).split('@')[1] ?? '';

const label = /^[a-z0-9][a-z0-9-]*$/i;

/** Whether sign-in takes it for an address: Langfuse refuses others even with the right password. */
export function isEmail(text: string): boolean {
  const [local = '', domain = '', ...more] = text.split('@');
  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  return (
    more.length === 0 &&
    /^[\w'+.-]+$/.test(local) &&
    !/^\.|\.$|\.\./.test(local) &&
    !local.endsWith("'") &&
    labels.length > 1 &&
    labels.every((part) => label.test(part)) &&
    /^[a-z]{2,}$/i.test(last)
  );
}
