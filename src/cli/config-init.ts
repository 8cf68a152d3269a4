import { withDeployment, writeConfig } from '../deployment/config/edit.ts';
import { invalidConfig, readConfigText } from '../deployment/config/load.ts';
import { parseConfig } from '../deployment/config/parse.ts';
import type { ConfigChange } from '../deployment/config/use.ts';
import { LfctlError } from '../errors/error.ts';
import { askForDeployment } from './config-wizard.ts';
import type { WizardInput } from './config-wizard.ts';

/** Answers, and what to do with them. */
export interface InitInput extends Omit<WizardInput, 'taken'> {
  readonly use: boolean;
  readonly force: boolean;
}

/** @throws LfctlError CONFIG_INVALID, CONFIG_UNREADABLE, REFUSED, USAGE; the file is as it was then */
export async function initConfig(input: InitInput): Promise<ConfigChange> {
  const path = input.settings.configFile;
  const text = (await readConfigText(path, false)) ?? '';
  const { file, problems } = parseConfig(text);
  if (problems.length > 0) throw invalidConfig(path, problems);
  const taken = Object.keys(file.deployments ?? {});
  if (input.name !== undefined) refuseTaken(input.name, taken, input.force);
  const { name, deployment } = await askForDeployment({ ...input, taken: input.force ? [] : taken });
  refuseTaken(name, taken, input.force);
  const makeCurrent = input.use || file.current === undefined;
  const changed = withDeployment(text, { name, deployment, makeCurrent });
  const after = parseConfig(changed);
  if (after.problems.length > 0) throw wrongAnswers(after.problems.map((problem) => problem.message));
  await writeConfig(path, changed);
  return { file: path, deployment: name, current: after.file.current ?? null, changed: changed !== text };
}

function refuseTaken(name: string, taken: readonly string[], force: boolean): void {
  if (force || !taken.includes(name)) return;
  throw new LfctlError('REFUSED', {
    message: `the configuration file has a deployment '${name}' already; nothing was changed`,
    fixes: [{ text: 'choose another --name, or replace it with --force' }],
  });
}

const wrongAnswers = (messages: readonly string[]): LfctlError =>
  new LfctlError('USAGE', {
    message: messages.map((message) => message.replace(/^deployments\.[^.]*\./, '')).join('; '),
  });
