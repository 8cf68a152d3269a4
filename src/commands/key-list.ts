import { defineCommand } from '../cli/command.ts';
import { projectOption } from '../cli/globals.ts';
import { envelopeOf, reading } from '../cli/writing.ts';

export const keyListCommand = defineCommand({
  path: ['key', 'list'],
  summary: 'List the API keys of all projects, with who uses them and when they were last used',
  when: 'To see which keys there are, which are old, and which nobody uses. Langfuse itself shows them per project, and its "last used" is always empty: here it comes from the cache in Redis and from the rows that a key brought.',
  examples: [
    { line: 'lfctl key list', text: 'every key of the instance' },
    { line: 'lfctl key list -p production', text: 'those of one project' },
    {
      line: "lfctl key list -o json | jq '.data.keys[] | select(.consumers == [])'",
      text: 'keys that nobody in the cluster holds',
    },
  ],
  options: { project: projectOption },
  formats: ['tsv'],
  exits: ['ok', 'usage', 'config', 'incomplete'],
  timeoutMs: 60_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await reading(context, async (tenancy) => {
      const { listKeys } = await import('../keys/list.ts');
      const { keysText, keyRows } = await import('../render/keys/list.ts');
      const data = await listKeys(tenancy, context.options.project);
      return {
        kind: 'KeyList',
        data,
        exit: data.unknown.length === 0 ? 'ok' : 'incomplete',
        deployment: envelopeOf(tenancy),
        text: (style) => keysText(data, style),
        rows: () => keyRows(data),
      };
    }),
});
