import { defineCommand } from '../cli/command.ts';
import { projectOption } from '../cli/globals.ts';
import { envelopeOf, reading } from '../cli/writing.ts';

export const keyAuditCommand = defineCommand({
  path: ['key', 'audit'],
  summary:
    'Find API keys that are unused, old, shared, copied, in plain text, without an owner, or provisioned',
  when: 'Before an audit, and now and then from cron: exit 1 when something is found.',
  examples: [
    { line: 'lfctl key audit', text: 'every key of the instance' },
    { line: 'lfctl key audit -p production --older-than 30d', text: 'with a measure of your own' },
  ],
  options: {
    project: projectOption,
    olderThan: {
      type: 'duration',
      placeholder: 'AGE',
      summary: 'age from which a key is old, such as 180d',
      age: true,
      defaultMs: 90 * 86_400_000,
    },
  },
  formats: ['tsv'],
  exits: ['ok', 'findings', 'usage', 'config', 'incomplete'],
  timeoutMs: 60_000,
  takes: ['cluster', 'deployment'],
  run: async (context) =>
    await reading(context, async (tenancy) => {
      const { auditKeys } = await import('../keys/audit.ts');
      const { auditRows, auditText } = await import('../render/keys/audit.ts');
      const { project, olderThan: olderThanMs } = context.options;
      const data = await auditKeys(tenancy, { project, olderThanMs });
      const complete = data.unknown.length === 0 ? 'ok' : 'incomplete';
      return {
        kind: 'KeyAudit',
        data,
        exit: data.findings.length > 0 ? 'findings' : complete,
        deployment: envelopeOf(tenancy),
        text: (style) => auditText(data, style),
        rows: () => auditRows(data),
      };
    }),
});
