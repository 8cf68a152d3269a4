import type { RunSummary, StepSummary } from './journal.ts';
import type { Json } from './json.ts';

/** A run as it may be shown. */
export type ShownRun = Omit<RunSummary, 'input'>;

/** What an undo needs of passwords stays in the journal: a hash on a screen or in a log can be guessed at leisure. */
export function shownRun({ input: _input, ...run }: RunSummary): ShownRun {
  return { ...run, steps: run.steps.map(shownStep) };
}

const shownStep = ({ record, intent, ...step }: StepSummary): StepSummary => ({
  ...step,
  record: hidden(record),
  intent: hidden(intent),
});

/** bcrypt, as Langfuse keeps passwords and secret keys. */
const hash = /^\$2[aby]\$\d\d\$/;

function hidden(json: Json | undefined): Json | undefined {
  if (typeof json === 'string') return hash.test(json) ? '[redacted]' : json;
  if (json === null || json === undefined || typeof json !== 'object') return json;
  if (isList(json)) return json.map((one) => hidden(one) ?? null);
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, hidden(value)]));
}

const isList = (json: Json): json is readonly Json[] => Array.isArray(json);
