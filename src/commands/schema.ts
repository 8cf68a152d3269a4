import { defineCommand } from '../cli/command.ts';

export const schemaCommand = defineCommand({
  path: ['schema'],
  summary: 'Print the JSON Schema of an output',
  when: 'To write a script against -o json: each kind of document has a schema (draft 2020-12), stable under semver.',
  examples: [
    { line: 'lfctl schema', text: 'the kinds that there are' },
    { line: 'lfctl schema DoctorReport', text: 'the schema of `lfctl doctor -o json`' },
  ],
  args: [
    {
      name: 'kind',
      summary: 'as in the field `kind`',
      required: false,
      variadic: false,
      completes: 'schema',
    },
  ],
  options: {},
  formats: ['tsv'],
  exits: ['ok', 'usage'],
  timeoutMs: 30_000,
  takes: [],
  run: async ({ args: [kind] }) => {
    const { listSchemas, readSchema } = await import('../cli/schemas.ts');
    if (kind !== undefined) {
      const schema = await readSchema(kind);
      return { kind, data: schema, exit: 'ok', bare: true, text: () => JSON.stringify(schema, null, 2) };
    }
    const { tableText } = await import('../render/table.ts');
    const kinds = await listSchemas();
    const rows = kinds.map((entry) => [entry.kind, entry.title]);
    return {
      kind: 'SchemaList',
      data: { kinds },
      exit: 'ok',
      text: (style) => tableText(['kind', 'what it is'], rows, style),
      rows: () => rows,
    };
  },
});
