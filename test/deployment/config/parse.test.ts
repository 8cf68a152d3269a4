import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/deployment/config/parse.ts';

const canary = 'canary-1c9d';
const said = (text: string): string[] =>
  parseConfig(text).problems.map(({ line, message }) => `${String(line)}: ${message}`);

/** Nine anchors, each nine times the one before: 387 million values. */
function bomb(): string {
  const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  const line = (letter: string, index: number): string =>
    `${letter}: &${letter} [${index === 0 ? 'x' : `*${letters[index - 1] ?? ''},`.repeat(9)}]\n`;
  return letters.map(line).join('');
}

describe('the configuration file', () => {
  it('may be empty, or comments alone', () => {
    for (const text of ['', '\n', '# nothing yet\n', '---\n']) expect(said(text)).toEqual([]);
  });

  it('holds deployments', () => {
    const text = `current: prod
deployments:
  prod:
    kubernetes: { context: gke, namespace: langfuse, release: lf }
    url: https://langfuse.example.com
    keys: { from: environment }
    stores: { databaseUrl: { from: "environment:PROD_DB" }, s3Url: { from: "file:/run/s3" } }
    litellm: { namespace: litellm }
    ingress: { loadBalancerIdleSeconds: 600 }
`;
    const { file, problems, lineOf } = parseConfig(text);
    expect(problems).toEqual([]);
    expect(file.deployments?.['prod']?.ingress?.loadBalancerIdleSeconds).toBe(600);
    expect(lineOf(['deployments', 'prod', 'url'])).toBe(5);
    expect(lineOf(['deployments', 'prod', 'stores', 's3Url', 'from'])).toBe(7);
  });

  it('reports all problems together, each with its line', () => {
    const text = `current: prd
deployment: {}
deployments:
  prod:
    kubernets:
      context: gke
    url: langfuse.example.com
    ingress:
      loadBalancerIdleSeconds: 1.5
    stores:
      redisUrl:
        from: secret
    backup: {}
    litellm: yes please
`;
    expect(said(text)).toEqual([
      '1: current: no deployment has this name; did you mean prod?',
      '2: deployment: unknown key; did you mean deployments?',
      '5: deployments.prod.kubernets: unknown key; did you mean kubernetes?',
      '7: deployments.prod.url: an http:// or https:// URL is needed',
      '9: deployments.prod.ingress.loadBalancerIdleSeconds: a whole number of seconds is needed',
      '12: deployments.prod.stores.redisUrl.from: environment:NAME or file:PATH is needed',
      '13: deployments.prod.backup: this version of lfctl has no use for it',
      '14: deployments.prod.litellm: namespace belongs here',
    ]);
  });

  it('names a current deployment that is not there', () => {
    expect(said('deployments:\n  prod: {}\ncurrent: prd\n')).toEqual([
      '3: current: no deployment has this name; did you mean prod?',
    ]);
    expect(said('current: prod\n')).toEqual(['1: current: no deployment has this name; known: none']);
  });

  it.each([
    [`deployments:\n  prod:\n    url: https://me:${canary}@host\n`, 'without a password'],
    [`deployments:\n  prod:\n    password: ${canary}\n`, 'no secret belongs in this file'],
    [`deployments:\n  prod:\n    keys:\n      secretKey: ${canary}\n`, 'no secret belongs in this file'],
    [
      `deployments:\n  prod:\n    stores:\n      databaseUrl: postgres://a:${canary}@h/d\n`,
      'environment:NAME',
    ],
    [`deployments:\n  prod:\n    stores:\n      databaseUrl:\n        from: ${canary}\n`, 'environment:NAME'],
    [`a: [${canary}\n`, 'not valid YAML'],
    [`a: "${canary}\nb: 'x\n`, 'not valid YAML'],
    [`a: 1\na: ${canary}\n`, 'not valid YAML'],
    [`\tx: ${canary}\n`, 'not valid YAML'],
    ['- a\n- b\n', 'current and deployments belong here'],
    ['just text\n', 'current and deployments belong here'],
    ['deployments: []\n', 'deployments'],
    ['a: &a [*a, *a]\n', 'a: unknown key'],
    ['deployments: {"": {}}\n', 'deployments.: a deployment name is needed'],
    [bomb(), 'current and deployments belong here'],
  ])('refuses %j and never says a secret', (text, words) => {
    const problems = said(text).join('\n');
    expect(problems).toContain(words);
    expect(problems).not.toContain(canary);
  });
});
