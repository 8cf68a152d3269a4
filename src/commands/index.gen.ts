// Made from file names by `npm run generate`. Do not edit.
import { completionCommand } from './completion.ts';
import { configInitCommand } from './config-init.ts';
import { configUseCommand } from './config-use.ts';
import { configViewCommand } from './config-view.ts';
import { doctorCommand } from './doctor.ts';
import { envCommand } from './env.ts';
import { explainCommand } from './explain.ts';
import { journalShowCommand } from './journal-show.ts';
import { journalCommand } from './journal.ts';
import { keyAuditCommand } from './key-audit.ts';
import { keyCreateCommand } from './key-create.ts';
import { keyExportCommand } from './key-export.ts';
import { keyListCommand } from './key-list.ts';
import { keyRevokeCommand } from './key-revoke.ts';
import { keyRotateCommand } from './key-rotate.ts';
import { keyVerifyCommand } from './key-verify.ts';
import { orgListCommand } from './org-list.ts';
import { projectBootstrapCommand } from './project-bootstrap.ts';
import { projectCreateCommand } from './project-create.ts';
import { projectDeleteCommand } from './project-delete.ts';
import { projectListCommand } from './project-list.ts';
import { projectRenameCommand } from './project-rename.ts';
import { projectShowCommand } from './project-show.ts';
import { sandboxBreakCommand } from './sandbox-break.ts';
import { sandboxDownCommand } from './sandbox-down.ts';
import { sandboxEnvCommand } from './sandbox-env.ts';
import { sandboxFaultsCommand } from './sandbox-faults.ts';
import { sandboxInstallCommand } from './sandbox-install.ts';
import { sandboxLoadCommand } from './sandbox-load.ts';
import { sandboxMendCommand } from './sandbox-mend.ts';
import { sandboxStatusCommand } from './sandbox-status.ts';
import { sandboxUpCommand } from './sandbox-up.ts';
import { schemaCommand } from './schema.ts';
import { statusCommand } from './status.ts';
import { userAdminsCommand } from './user-admins.ts';
import { userCreateCommand } from './user-create.ts';
import { userListCommand } from './user-list.ts';
import { userRemoveCommand } from './user-remove.ts';
import { userResetPasswordCommand } from './user-reset-password.ts';
import { userSetRoleCommand } from './user-set-role.ts';
import { validateCommand } from './validate.ts';
import { versionCommand } from './version.ts';

export const commands = [
  completionCommand,
  configInitCommand,
  configUseCommand,
  configViewCommand,
  doctorCommand,
  envCommand,
  explainCommand,
  journalShowCommand,
  journalCommand,
  keyAuditCommand,
  keyCreateCommand,
  keyExportCommand,
  keyListCommand,
  keyRevokeCommand,
  keyRotateCommand,
  keyVerifyCommand,
  orgListCommand,
  projectBootstrapCommand,
  projectCreateCommand,
  projectDeleteCommand,
  projectListCommand,
  projectRenameCommand,
  projectShowCommand,
  sandboxBreakCommand,
  sandboxDownCommand,
  sandboxEnvCommand,
  sandboxFaultsCommand,
  sandboxInstallCommand,
  sandboxLoadCommand,
  sandboxMendCommand,
  sandboxStatusCommand,
  sandboxUpCommand,
  schemaCommand,
  statusCommand,
  userAdminsCommand,
  userCreateCommand,
  userListCommand,
  userRemoveCommand,
  userResetPasswordCommand,
  userSetRoleCommand,
  validateCommand,
  versionCommand,
] as const;
