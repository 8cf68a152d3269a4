import type { PlannedKey } from '../../keys/create-plan.ts';
import type { KeyIdentity, MadeKey } from '../../keys/create.ts';
import { createKeyStep, identityOf } from '../../keys/create.ts';
import type { Place } from '../../keys/deliver.ts';
import { delivery, placeText } from '../../keys/deliver.ts';
import { newPublicKey } from '../../keys/pair.ts';
import { LfctlError } from '../../errors/error.ts';
import type { Step, StepControl } from '../../plan/plan.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import { newCuid } from '../../tenancy/cuid.ts';
import { projectIdOf } from '../create.ts';

/** A team's key in a project that may not be there yet. */
export interface TeamKey {
  readonly organization: string;
  readonly project: {
    readonly name: string;
    /** Null for one that an earlier step makes. */
    readonly id: string | null;
    readonly madeBy: string;
  };
  readonly team: string;
  readonly place: Place;
  /** From the journal, for a run that is gone on with. */
  readonly identity: KeyIdentity | null;
  readonly show: (text: string) => void;
}

/** Id of its step: it must not change when the project gets its id. */
export const teamKeyStepId = ({
  organization,
  project,
  team,
}: Pick<TeamKey, 'organization' | 'project' | 'team'>): string =>
  `create-key:${organization}/${project.name}:${team}`;

/** The step of `key create`, with the project looked up when its turn comes. */
export function teamKeyStep(tenancy: Tenancy, key: TeamKey): PlannedKey {
  const { project, team, place, show } = key;
  const id = teamKeyStepId(key);
  const identity = key.identity ?? { id: newCuid(tenancy.now()), publicKey: newPublicKey() };
  let made: MadeKey | null = null;
  const creation = (control: StepControl, own: KeyIdentity) =>
    createKeyStep(tenancy, {
      project: { id: project.id ?? idOf(control, project), name: project.name },
      note: team,
      identity: own,
      ...delivery(tenancy, place, show),
    });
  const step: Step = {
    id,
    text: `make the API key '${team}' in ${project.name}, into ${placeText(place)}`,
    undo: 'delete the row and its cache entry',
    intent: { ...identity },
    apply: async (control) => {
      const { step: own, made: madeNow } = creation(control, identityOf(control.record(id)) ?? identity);
      const record = await own.apply({ ...control, record: () => undefined });
      made = madeNow();
      return record;
    },
    revert: async (record, control) =>
      await creation(control, identityOf(record) ?? identity).step.revert?.(record, control),
  };
  return { step, identity, place, note: `${project.name} ${team}`, made: () => made };
}

function idOf({ record }: StepControl, { madeBy, name }: TeamKey['project']): string {
  const id = projectIdOf(record(madeBy));
  if (id !== null) return id;
  throw new LfctlError('BUG', { message: `the project ${name} has no id` });
}
