import { stringify } from 'yaml';

/** YAML of what JSON would say: secrets, dates and absent fields go through their JSON forms. */
export const toYaml = (value: unknown): string =>
  stringify(JSON.parse(JSON.stringify(value)), { lineWidth: 0 });
