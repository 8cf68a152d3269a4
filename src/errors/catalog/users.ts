import { entries } from '../entry.ts';

export const usersErrors = entries({
  USER_UNKNOWN: {
    exit: 'usage',
    title: 'no such user',
    meaning: 'No row of users has this e-mail, in any case of letters.',
    fixes: [{ text: 'see all users', command: 'lfctl user list' }],
  },
  USER_AMBIGUOUS: {
    exit: 'usage',
    title: 'several users have this e-mail in different letters',
    meaning:
      'Sign-in looks for lower-case letters alone; the other rows were made by something else than Langfuse and never sign in.',
    fixes: [{ text: 'write the e-mail exactly as the row has it', command: 'lfctl user list' }],
  },
  USER_EXISTS: {
    exit: 'refused',
    title: 'there is a user with this e-mail',
    meaning: 'An e-mail belongs to one user; nothing was changed.',
    fixes: [
      { text: 'give it a new password', command: 'lfctl user reset-password EMAIL' },
      { text: 'change its role', command: 'lfctl user set-role EMAIL ROLE --org ORG' },
    ],
  },
  USER_CANNOT_SIGN_IN: {
    exit: 'refused',
    title: 'a password would not let this user in',
    meaning: 'The row can never be found at sign-in, whatever its password.',
    fixes: [],
  },
  USER_USES_SSO: {
    exit: 'refused',
    title: 'the user signs in through an identity provider alone',
    meaning:
      'A password would be a second way in that the identity provider knows nothing of: it stays when the account there is closed.',
    fixes: [{ text: 'give it one all the same, with --add-password' }],
  },
  PASSWORD_REFUSED: {
    exit: 'usage',
    title: 'Langfuse would not take this password',
    meaning:
      'Its sign-up wants 8 characters, and from version 3 on a letter, a digit and another character among them.',
    fixes: [],
  },
  LAST_OWNER: {
    exit: 'refused',
    title: 'it is the last owner of an organization',
    meaning:
      'Without an owner nobody can administrate the organization in Langfuse any more; its own pages refuse this too.',
    fixes: [{ text: 'make somebody else owner first', command: 'lfctl user set-role EMAIL OWNER --org ORG' }],
  },
  USER_NO_UNDO: {
    exit: 'usage',
    title: 'nothing to undo',
    meaning: 'The journal, which is kept for 30 days, has no such change of this user that still stands.',
    fixes: [{ text: 'see what was changed', command: 'lfctl journal' }],
  },
});
