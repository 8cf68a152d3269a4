import type { Release } from './release.ts';
import type { Issue, Settings } from './settings.ts';

const writeModes = ['legacy', 'dual', 'events_only'] as const;
const otelBehaviours = ['dual_write', 'direct'] as const;

/** Where traces and observations are kept: the tables of 3, the events tables of 4, or both. */
type WriteMode = (typeof writeModes)[number];

type OtelBehaviour = (typeof otelBehaviours)[number];

/** The switches between the tables of 3 and of 4, with each generation's own defaults (worker/src/env.ts). */
export interface MigrationFlags {
  readonly writeMode: WriteMode;
  readonly otelBehaviour: OtelBehaviour;
  readonly allowPreviewOptIn: boolean;
  /** Rows go to traces and observations. */
  readonly writesLegacy: boolean;
  /** Rows go to events_full, at once or by way of observations_batch_staging. */
  readonly writesEvents: boolean;
}

/** The switches as this release reads them. */
export function migrationFlags(settings: Settings, { generation }: Release): MigrationFlags {
  const isNew = generation === 4;
  const text = (name: string): string | undefined => settings.text(`LANGFUSE_MIGRATION_V4_${name}`);
  const writeMode = oneOf(writeModes, text('WRITE_MODE')) ?? (isNew ? 'events_only' : 'legacy');
  const otelBehaviour =
    oneOf(otelBehaviours, text('NATIVE_OTEL_BEHAVIOUR')) ?? (isNew ? 'direct' : 'dual_write');
  return {
    writeMode,
    otelBehaviour,
    allowPreviewOptIn: settings.flag('LANGFUSE_MIGRATION_V4_ALLOW_PREVIEW_OPT_IN', isNew),
    writesLegacy: writeMode !== 'events_only',
    writesEvents: writeMode !== 'legacy',
  };
}

/** Values that are none of the allowed ones; web and worker both refuse them. */
export function migrationFlagIssues(settings: Settings): Issue[] {
  return [
    ...optionIssues(settings, 'LANGFUSE_MIGRATION_V4_WRITE_MODE', writeModes),
    ...optionIssues(settings, 'LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR', otelBehaviours),
    ...optionIssues(settings, 'LANGFUSE_MIGRATION_V4_ALLOW_PREVIEW_OPT_IN', ['true', 'false']),
  ];
}

function optionIssues(settings: Settings, name: string, values: readonly string[]): Issue[] {
  const given = settings.text(name);
  if (given === undefined || values.includes(given)) return [];
  const options = values.map((value) => `"${value}"`).join('|');
  return [
    { code: 'invalid_value', values, path: [name], message: `Invalid option: expected one of ${options}` },
  ];
}

function oneOf<Value extends string>(values: readonly Value[], given: string | undefined): Value | undefined {
  return values.find((value) => value === given);
}
