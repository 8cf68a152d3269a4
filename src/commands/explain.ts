import { defineCommand } from '../cli/command.ts';

export const explainCommand = defineCommand({
  path: ['explain'],
  summary: 'Explain an error code, a check, an exit code, a fault or a topic',
  when: 'When a message names a code or a check, and for the background of a topic. Needs no network and no cluster.',
  examples: [
    { line: 'lfctl explain redis/reachable', text: 'what the check looks at, and why' },
    { line: 'lfctl explain POSTGRES_AUTH', text: 'an error code' },
    { line: 'lfctl explain 4', text: 'an exit code' },
    { line: 'lfctl explain checks', text: 'the names of all checks; also errors, exits, faults, topics' },
    { line: 'lfctl explain redis', text: 'the checks of an area' },
    { line: 'lfctl explain', text: 'all names' },
  ],
  args: [
    {
      name: 'name',
      summary:
        'an error code, check id, exit code, fault or topic, or a group of them: checks, faults, redis',
      required: false,
      variadic: false,
      completes: 'explain',
    },
  ],
  options: {},
  formats: ['tsv'],
  exits: ['ok', 'usage'],
  timeoutMs: 30_000,
  takes: [],
  run: async ({ args: [name] }) => {
    const { explain, explainable, explainGroup } = await import('../cli/explain.ts');
    const group = name === undefined ? await explainable() : await explainGroup(name);
    if (name !== undefined && group === null) {
      const { explanationText } = await import('../render/explain.ts');
      const data = await explain(name);
      return { kind: 'Explain', data, exit: 'ok', text: (style) => explanationText(data, style) };
    }
    const { tableText } = await import('../render/table.ts');
    const entries = (group ?? []).map(({ id, type, title }) => ({ id, type, title }));
    const rows = entries.map((entry) => [entry.id, entry.type, entry.title]);
    return {
      kind: 'ExplainList',
      data: { entries },
      exit: 'ok',
      text: (style) => tableText(['name', 'type', 'what it is'], rows, style),
      rows: () => rows,
    };
  },
});
