import type { CustomTypesConfig } from 'pg';
import { types } from 'pg';

const timestamp = types.builtins.TIMESTAMP;

/** Langfuse writes UTC into `timestamp without time zone`; pg would take it for this machine's local time. */
export const timestampsAsUtc: CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === timestamp && format !== 'binary'
      ? (text: string) => new Date(`${text.replace(' ', 'T')}Z`)
      : types.getTypeParser(id, format),
};
