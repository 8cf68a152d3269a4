/** What the consumers of a key come to: what is written, what is restarted, what others must do. Pure. */
import type { Consumer, Consumers, Literal } from '../consumers/find.ts';
import type { Holder } from '../consumers/holders.ts';
import { holderText } from '../consumers/holders.ts';
import type { ConsumerKind } from '../consumers/templates.ts';
import type { Use } from '../consumers/uses.ts';
import type { HeldIn, Restarted } from './input.ts';

/** A place that lfctl does not write, and who has to. */
export interface HandOver {
  readonly place: string;
  readonly why: string;
  readonly instead: string;
}

/** The consumers of one key, sorted by what is to be done. */
export interface Survey {
  readonly secrets: readonly HeldIn[];
  readonly restarts: readonly Restarted[];
  readonly handOvers: readonly HandOver[];
  /** Workloads that need nothing, each with the reason. */
  readonly left: readonly string[];
  readonly unknown: readonly string[];
}

/** Variables that web reads at its start, to look whether the pair is there: with the new row it is. */
const provisioning = /^LANGFUSE_INIT_PROJECT_(PUBLIC|SECRET)_KEY$/;

/** `consumers` of one key alone. */
export function survey({ holders, workloads, unknown }: Consumers): Survey {
  const handOvers = [...holders.flatMap(foreignHolder), ...workloads.flatMap(foreignWorkload)];
  const own = holders.filter((holder) => foreignHolder(holder).length === 0);
  const users = workloads.filter(({ uses }) => uses.some(({ holder }) => own.some(same(holder))));
  const restarted = users.filter((user) => leftAlone(user) === null);
  return {
    secrets: own.map(({ namespace, name, entries }) => ({
      namespace,
      name,
      keys: [...new Set(entries.map(({ key }) => key))],
    })),
    restarts: restarted.flatMap(({ kind, namespace, name }) =>
      kind === 'CronJob' || kind === 'Pod' ? [] : [{ kind, namespace, name }],
    ),
    handOvers,
    left: users.flatMap((user) => {
      const why = leftAlone(user);
      return why === null || user.kind === 'Pod' ? [] : [`${consumerText(user)}: ${why}`];
    }),
    unknown,
  };
}

const same =
  (one: Holder) =>
  (other: Holder): boolean =>
    holderText(one) === holderText(other);

function foreignHolder(holder: Holder): HandOver[] {
  const place = holderText(holder);
  if (holder.kind === 'ConfigMap')
    return [{ place, why: 'a ConfigMap is plain text', instead: 'in a Secret, where it belongs' }];
  if (holder.isImmutable) return [{ place, why: 'it is immutable', instead: 'in a new Secret' }];
  const { writer } = holder;
  return writer === null ? [] : [{ place, why: `${writer.name} writes it`, instead: writer.instead }];
}

function foreignWorkload(consumer: Consumer): HandOver[] {
  const place = consumerText(consumer);
  if (consumer.kind === 'Pod')
    return [{ place, why: 'nobody makes this pod again', instead: 'by making it again with the new pair' }];
  return consumer.literals.map((literal: Literal) => ({
    place: `${place} variable ${literal.variable}`,
    why: 'the key is written out in the pod template',
    instead: 'in its manifest, better as a reference to a Secret',
  }));
}

/** Why a workload needs no restart; null when it does. */
function leftAlone({ kind, uses }: Consumer): string | null {
  if (kind === 'CronJob') return 'its next run takes the new pair';
  if (kind === 'Pod') return 'it is handed over';
  return uses.every(onlyProvisions) ? 'it reads LANGFUSE_INIT_PROJECT_* at its next start alone' : null;
}

const onlyProvisions = ({ variables, mounts }: Use): boolean =>
  mounts.length === 0 && variables.every(({ name }) => provisioning.test(name));

/** `Deployment litellm/litellm`. */
export const consumerText = (one: {
  readonly kind: ConsumerKind;
  readonly namespace: string;
  readonly name: string;
}): string => `${one.kind} ${one.namespace}/${one.name}`;
