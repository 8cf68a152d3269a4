import { defineCommand } from '../cli/command.ts';

/** `lfctl sandbox faults`. */
export const sandboxFaultsCommand = defineCommand({
  path: ['sandbox', 'faults'],
  summary: 'List the faults that can be practised',
  when: 'To choose one for `sandbox break`: each names the check that doctor must put first.',
  examples: [{ line: 'lfctl sandbox faults', text: 'all of them' }],
  options: {},
  formats: ['tsv'],
  exits: ['ok'],
  timeoutMs: 10_000,
  takes: [],
  run: async () => {
    const { faultRows } = await import('../sandbox/verbs/faults.ts');
    const { tableText } = await import('../render/table.ts');
    const faults = faultRows();
    return {
      kind: 'SandboxFaults',
      data: { faults },
      exit: 'ok',
      text: (style) =>
        tableText(
          ['fault', 'first verdict', 'what is broken'],
          faults.map(({ name, firstVerdict, summary }) => [name, firstVerdict, summary]),
          style,
        ),
      rows: () =>
        faults.map(({ name, area, firstVerdict, expects, summary }) => [
          name,
          area,
          firstVerdict,
          expects,
          summary,
        ]),
    };
  },
});
