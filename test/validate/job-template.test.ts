/** The Job of templates/: what it says is what lfctl, its Role and Kubernetes understand. */
import { readFile } from 'node:fs/promises';
import { parse, parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parseArgv } from '../../src/cli/program.ts';
import { validateCommand } from '../../src/commands/validate.ts';
import type { Command } from '../../src/cli/command.ts';

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

interface Job extends Named {
  readonly spec: {
    readonly backoffLimit: number;
    readonly activeDeadlineSeconds: number;
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly restartPolicy: string;
        readonly containers: readonly [
          {
            readonly args: readonly string[];
            readonly env: readonly {
              readonly name: string;
              readonly value?: string;
              readonly valueFrom?: object;
            }[];
          },
        ];
      };
    };
  };
}

const text = await readFile('templates/job-validate.yaml', 'utf8');
const job = parse(text) as Job;
const role = parseAllDocuments(await readFile('templates/rbac-validate.yaml', 'utf8')).map(
  (document) => document.toJS() as Named,
);

describe('templates/job-validate.yaml', () => {
  it('runs as the account of rbac-validate.yaml, in its namespace', () => {
    const account = role.find(({ kind }) => kind === 'ServiceAccount');
    expect(account?.metadata).toEqual({
      name: job.spec.template.spec.serviceAccountName,
      namespace: job.metadata.namespace,
    });
  });

  it('runs a line that lfctl understands, within its deadline, and only once', () => {
    const [{ args }] = job.spec.template.spec.containers;
    const parsed = parseArgv(args, [validateCommand as unknown as Command]);
    expect(parsed).toMatchObject({
      kind: 'run',
      command: { path: ['validate'] },
      globals: { timeout: '60s' },
    });
    expect(job.spec.activeDeadlineSeconds).toBeGreaterThan(2 * 60);
    expect([job.spec.backoffLimit, job.spec.template.spec.restartPolicy]).toEqual([0, 'Never']);
  });

  it('takes the key pair from a Secret', () => {
    const [{ env }] = job.spec.template.spec.containers;
    const keys = env.filter(({ name }) => name.startsWith('LANGFUSE_'));
    expect(keys.map(({ name }) => name)).toEqual(['LANGFUSE_PUBLIC_KEY', 'LANGFUSE_SECRET_KEY']);
    for (const { value, valueFrom } of keys) {
      expect(value).toBeUndefined();
      expect(valueFrom).toHaveProperty('secretKeyRef');
    }
  });

  it.each(['helm.sh/hook', 'argocd.argoproj.io/hook'])('has the lines of a hook: %s', (name) => {
    const [block] = text.split(/^ {2}# As a hook/m).filter((part) => part.includes(`${name}:`));
    const lines = (block ?? '').split('\n').filter((line) => /^ {2}# (annotations:| {2}\S+: )/.test(line));
    const { annotations } = parse(lines.map((line) => line.slice(4)).join('\n')) as { annotations: object };
    expect(Object.keys(annotations)).toContain(name);
  });
});
