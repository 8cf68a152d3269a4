import type { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';
import type { Journal } from '../plan/journal.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { verifiedGeneration } from '../tenancy/access.ts';
import { requireRights } from '../tenancy/rights.ts';
import { isFound } from './email.ts';
import type { Target } from './find.ts';
import { findUser } from './find.ts';
import { hashPassword, passwordProblem } from './password.ts';
import { passwordChange, passwordKept } from './password-change.ts';
import type { PlannedRows } from './plan-rows.ts';
import { planRows, planUndo } from './plan-rows.ts';
import { usersPostgres } from './postgres.ts';
import type { KeptRun } from './runs.ts';
import { killedRun, runToUndo, subjectOf } from './runs.ts';
import type { SignIn } from './sign-in.ts';
import { passwordObstacles, readSignIn } from './sign-in.ts';
import { webSettings } from './web-settings.ts';

const resetOperation = 'user reset-password';

/**
 * The hash that an undo puts back: a killed run may have set one of its own already.
 * Only a run whose step did not come to its end is gone on with; else nothing would be set.
 */
function hashBefore(target: Target, killed: KeptRun | null): string | null {
  if (killed === null) return target.password;
  const { before, after } = passwordKept(killed.kept);
  return target.password === after ? before : target.password;
}

/** @throws LfctlError USER_CANNOT_SIGN_IN, USER_USES_SSO */
function refuseUseless({ email, password, providers }: Target, addPassword: boolean): void {
  if (!isFound(email))
    throw new LfctlError('USER_CANNOT_SIGN_IN', {
      message: `the row has the e-mail ${email}, and sign-in looks for ${email.toLowerCase()}: no password lets it in`,
      fixes: [
        { text: 'remove it', command: `lfctl user remove ${email}` },
        {
          text: 'make it anew, in lower case',
          command: `lfctl user create ${email.toLowerCase()} --org ORG --role ROLE`,
        },
      ],
    });
  if (password === null && providers.length > 0 && !addPassword)
    throw new LfctlError('USER_USES_SSO', {
      message: `${email} has no password and signs in through ${providers.join(', ')}`,
    });
}

/** What one asks for. */
export interface ResetWish {
  readonly email: string;
  readonly addPassword: boolean;
  readonly unverifiedVersion: boolean;
  /** Asks for the password; null in a dry run. */
  readonly password:
    | ((whose: string, problem: (password: string) => string | null) => Promise<Secret>)
    | null;
}

/** A new password, asked for once all that could refuse it has been looked at. */
export async function planReset(tenancy: Tenancy, journal: Journal, wish: ResetWish): Promise<PlannedRows> {
  const postgres = usersPostgres(tenancy);
  const generation = verifiedGeneration(tenancy, wish.unverifiedVersion);
  const target = await findUser(postgres, wish.email);
  refuseUseless(target, wish.addPassword);
  await requireRights(postgres, [{ table: 'users', verb: 'UPDATE' }]);
  const killed = await killedRun(journal, resetOperation, subjectOf(target.email));
  const settings = webSettings(tenancy);
  const notes = resetNotes(target, await readSignIn(postgres, settings), settings.sessionDays);
  const password = await wish.password?.(target.email, (text) => passwordProblem(text, generation));
  const after = password === undefined ? '' : await hashPassword(password);
  const kept = {
    userId: target.id,
    email: target.email,
    before: hashBefore(target, killed),
    replaces: target.password,
    after,
  };
  const change = passwordChange(postgres, tenancy.now, kept);
  const basis = { userId: target.id, updatedAt: target.updatedAt.toISOString() };
  return planRows(
    postgres,
    { operation: resetOperation, subject: subjectOf(target.email), change, basis, notes },
    killed,
  );
}

/** The old password, where the new one is still the last. @throws LfctlError USER_NO_UNDO, PLAN_STALE */
export async function planResetUndo(tenancy: Tenancy, journal: Journal, email: string): Promise<PlannedRows> {
  const postgres = usersPostgres(tenancy);
  const { run, kept } = await runToUndo(journal, resetOperation, subjectOf(email));
  const change = passwordChange(postgres, tenancy.now, passwordKept(kept));
  return await planUndo(postgres, { operation: resetOperation, subject: run.subject, change }, run);
}

/** What a new password does not do. */
function resetNotes({ email }: Target, signIn: SignIn, sessionDays: number): string[] {
  const useless = passwordObstacles(email, signIn);
  return [
    ...useless.map((why) => `the password will not let ${email} in: ${why}`),
    ...signIn.unknown.map((what) => `not known, so neither is whether a password lets anybody in: ${what}`),
    `whoever is signed in as ${email} stays so, for up to ${String(sessionDays)} days: sessions are cookies. To end them: another NEXTAUTH_SECRET signs everybody out, and removing the user ends its own at once`,
  ];
}
