import { isRecord } from '../langfuse/event-check.ts';
import { messageOf } from '../langfuse/log.ts';
import type { Answer } from './answer.ts';
import { isBlockedDomain, passwordsOff, type UserDesk } from './sign-in.ts';
import { createUser } from './user-store.ts';

interface SignUp {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

const refused = (message: unknown): Answer => ({ status: 422, json: { message } });

/** A new user by e-mail address and password (web/src/features/auth-credentials/server/signupApiHandler.ts). */
export async function signUp(desk: UserDesk, body: unknown): Promise<Answer> {
  const old = desk.release.generation === 2;
  if (!old && needsVerifiedMail(desk)) {
    const message = 'Direct signup is disabled. Please use the email verification flow.';
    return { status: 403, json: { message } };
  }
  // 2 looks at its switches before the body, later releases after it.
  const off = switchedOff(desk);
  if (old && off !== undefined) return refused(off);
  const issues = issuesOf(body, old);
  const wanted = signUpOf(body);
  if (issues.length > 0 || wanted === undefined) {
    desk.log.warn('Signup: Invalid body');
    return refused(old ? { issues, name: 'ZodError' } : { name: 'ZodError', message: asText(issues) });
  }
  if (off !== undefined) return refused(off);
  if (isBlockedDomain(desk, wanted.email))
    return refused('Sign up with email and password is disabled for this domain. Please use SSO.');
  try {
    await createUser(desk, wanted);
  } catch (error) {
    const message = `${old ? '' : 'Signup: Error creating user: '}${messageOf(error)}`;
    desk.log.warn(old ? 'Signup: Error creating user' : message);
    return refused(message);
  }
  return { status: 200, json: { message: 'User created' } };
}

function needsVerifiedMail({ settings }: UserDesk): boolean {
  return (
    settings.text('AUTH_EMAIL_VERIFICATION_REQUIRED') === 'true' &&
    settings.text('SMTP_CONNECTION_URL') !== undefined &&
    settings.text('EMAIL_FROM_ADDRESS') !== undefined
  );
}

function switchedOff({ settings }: UserDesk): string | undefined {
  if (
    settings.text('NEXT_PUBLIC_SIGN_UP_DISABLED') === 'true' ||
    settings.text('AUTH_DISABLE_SIGNUP') === 'true'
  )
    return 'Sign up is disabled.';
  if (passwordsOff(settings))
    return 'Sign up with email and password is disabled for this instance. Please use SSO.';
  return undefined;
}

const asText = (issues: readonly object[]): string => JSON.stringify(issues, null, 2);

function signUpOf(body: unknown): SignUp | undefined {
  const { name, email, password } = isRecord(body) ? body : {};
  if (typeof name !== 'string' || typeof email !== 'string' || typeof password !== 'string') return undefined;
  return { name, email, password };
}

interface Rule {
  readonly field: keyof SignUp;
  readonly fits: (text: string) => boolean;
  readonly message: string;
}

const secure = 'Please choose a secure password by combining letters, numbers, and special characters.';

const common: readonly Rule[] = [
  { field: 'email', fits: (text) => /^[^\s@]+@[^\s@]+\.[A-Za-z]{2,}$/.test(text), message: 'Invalid email' },
];

/** What 2 asks of a name and a password. */
const oldRules: readonly Rule[] = [
  { field: 'name', fits: (text) => text !== '', message: 'Name is required' },
  { field: 'name', fits: (text) => !/<[^>]*>/.test(text), message: 'Input should not contain HTML' },
  ...common,
  {
    field: 'password',
    fits: (text) => text.length >= 8,
    message: 'Password must be at least 8 characters long',
  },
];

/** What later releases ask (web/src/features/auth/lib/signupSchema.ts). */
const rules: readonly Rule[] = [
  { field: 'name', fits: (text) => text !== '', message: 'Text cannot be empty' },
  { field: 'name', fits: (text) => !/<[^>]*>/.test(text), message: 'Text cannot contain HTML tags' },
  { field: 'name', fits: (text) => text.length <= 100, message: 'Name must be at most 100 characters' },
  {
    field: 'name',
    fits: (text) => text === '' || /^\p{L}[\p{L}\p{M}\p{N}\s.'-]*$/u.test(text),
    message:
      'Name must start with a letter and can only contain letters, numbers, spaces, hyphens, apostrophes, and periods',
  },
  ...common.map((rule) => ({ ...rule, message: 'Invalid email address' })),
  {
    field: 'password',
    fits: (text) => text.length >= 8,
    message: 'Password must be at least 8 characters long.',
  },
  { field: 'password', fits: (text) => /[A-Za-z]/.test(text), message: secure },
  { field: 'password', fits: (text) => /[0-9]/.test(text), message: secure },
  { field: 'password', fits: (text) => /[^A-Za-z0-9]/.test(text), message: secure },
];

/** Field and text of each fault; zod's other words are left out. */
function issuesOf(body: unknown, old: boolean): object[] {
  const fields = isRecord(body) ? body : {};
  return (old ? oldRules : rules).flatMap(({ field, fits, message }) => {
    const value = fields[field];
    if (typeof value === 'string') return fits(value) ? [] : [{ path: [field], message }];
    return [{ code: 'invalid_type', path: [field], message: old ? 'Required' : 'Invalid input' }];
  });
}
