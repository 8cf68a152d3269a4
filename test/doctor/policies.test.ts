import { describe, expect, it } from 'vitest';
import type { Policies } from '../../src/doctor/policies.ts';
import { evaluatePath } from '../../src/doctor/policies.ts';
import type { FreeFormObject, Pod } from '../../src/ports/kube-objects.ts';

const pod = (namespace: string, app: string, podIP?: string): Pod => ({
  metadata: { name: `${app}-1`, namespace, labels: { app } },
  spec: { containers: [] },
  status: podIP === undefined ? {} : { podIP },
});

const liteLlm = pod('llm', 'litellm', '10.0.1.5');
const web = pod('lf', 'langfuse', '10.0.2.7');

const policy = (namespace: string, spec: object): FreeFormObject => ({
  metadata: { name: 'p', namespace },
  spec: spec as FreeFormObject['spec'] & object,
});

const labels: Policies['namespaceLabels'] = {
  llm: { 'kubernetes.io/metadata.name': 'llm', team: 'ai' },
  lf: { 'kubernetes.io/metadata.name': 'lf' },
};

/** Denials as `NetworkPolicy egress`. */
function denials(given: Partial<Policies>, source = liteLlm): string[] {
  const policies = { network: [], authorization: [], namespaceLabels: labels, ...given };
  return evaluatePath(source, web, 3000, policies).map((one) => `${one.kind} ${one.direction}`);
}

const egress = ['NetworkPolicy egress'];
const ingress = ['NetworkPolicy ingress'];
const allowIngress = (rule: object): FreeFormObject =>
  policy('lf', { podSelector: { matchLabels: { app: 'langfuse' } }, ingress: [rule] });
const allowEgress = (rule: object): FreeFormObject =>
  policy('llm', { policyTypes: ['Egress'], egress: [rule] });

describe('NetworkPolicy', () => {
  it.each<[string, FreeFormObject[], string[]]>([
    ['none', [], []],
    ['default deny egress', [policy('llm', { podSelector: {}, policyTypes: ['Egress'] })], egress],
    ['deny egress but DNS', [allowEgress({ ports: [{ protocol: 'UDP', port: 53 }] })], egress],
    ['any UDP port is not TCP', [allowEgress({ ports: [{ protocol: 'UDP' }] })], egress],
    ['any TCP port', [allowEgress({ ports: [{ protocol: 'TCP' }] })], []],
    ['default deny ingress', [policy('lf', { podSelector: {}, policyTypes: ['Ingress'] })], ingress],
    ['an empty ingress type by default', [policy('lf', { podSelector: {} })], ingress],
    [
      'another pod is meant',
      [policy('lf', { podSelector: { matchLabels: { app: 'other' } }, policyTypes: ['Ingress'] })],
      [],
    ],
    ['another namespace', [policy('else', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })], []],
    ['egress type does not deny ingress', [policy('lf', { podSelector: {}, policyTypes: ['Egress'] })], []],
    [
      'one of two policies allows',
      [policy('lf', { podSelector: {}, policyTypes: ['Ingress'] }), allowIngress({})],
      [],
    ],
    [
      'from the namespace by name',
      [
        allowIngress({
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'llm' } } }],
        }),
      ],
      [],
    ],
    [
      'from another namespace',
      [
        allowIngress({
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'else' } } }],
        }),
      ],
      ingress,
    ],
    [
      'by a label of the namespace',
      [allowIngress({ from: [{ namespaceSelector: { matchLabels: { team: 'ai' } } }] })],
      [],
    ],
    ['pods of its own namespace only', [allowIngress({ from: [{ podSelector: {} }] })], ingress],
    [
      'right namespace, wrong pod',
      [allowIngress({ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'x' } } }] })],
      ingress,
    ],
    ['the port', [allowIngress({ ports: [{ port: 3000 }] })], []],
    ['another port', [allowIngress({ ports: [{ port: 3030 }] })], ingress],
    ['a range', [allowIngress({ ports: [{ port: 2000, endPort: 4000 }] })], []],
    ['beyond a range', [allowIngress({ ports: [{ port: 2000, endPort: 2999 }] })], ingress],
    ['a named port is taken as allowed', [allowIngress({ ports: [{ port: 'http' }] })], []],
    ['both sides', [policy('lf', {}), policy('llm', { policyTypes: ['Egress'] })], [...egress, ...ingress]],
  ])('%s', (_title, network, expected) => {
    expect(denials({ network })).toEqual(expected);
  });

  it.each([
    ['0.0.0.0/0', undefined, []],
    ['10.0.0.0/8', undefined, []],
    ['10.0.2.7/32', undefined, []],
    ['192.168.0.0/16', undefined, egress],
    ['10.0.0.0/8', ['10.0.2.0/24'], egress],
    ['fd00::/8', undefined, egress],
    ['nonsense', undefined, []],
  ])('ipBlock %s except %j', (cidr, except, expected) => {
    expect(denials({ network: [allowEgress({ to: [{ ipBlock: { cidr, except } }] })] })).toEqual(expected);
  });

  it('an address that is not known denies nothing', () => {
    const rule = { from: [{ ipBlock: { cidr: '192.168.0.0/16' } }] };
    expect(denials({ network: [allowIngress(rule)] }, pod('llm', 'litellm'))).toEqual([]);
  });

  it.each([
    ['In', ['litellm'], []],
    ['In', ['x'], ingress],
    ['NotIn', ['litellm'], ingress],
    ['Exists', [], []],
    ['DoesNotExist', [], ingress],
  ])('expression %s %j', (operator, values, expected) => {
    const from = [
      { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'app', operator, values }] } },
    ];
    expect(denials({ network: [allowIngress({ from })] })).toEqual(expected);
  });

  it('labels of a namespace that may not be read are taken to match, its name is known', () => {
    const by = (matchLabels: object) => [allowIngress({ from: [{ namespaceSelector: { matchLabels } }] })];
    const hidden = { llm: null, lf: null };
    expect(denials({ network: by({ team: 'x' }), namespaceLabels: hidden })).toEqual([]);
    expect(
      denials({ network: by({ 'kubernetes.io/metadata.name': 'else' }), namespaceLabels: hidden }),
    ).toEqual(ingress);
  });
});

describe('AuthorizationPolicy', () => {
  const from = (source: object): object => ({ from: [{ source }] });
  const denied = ['AuthorizationPolicy ingress'];
  it.each<[string, object[], string[]]>([
    ['allow nothing', [{}], denied],
    ['allow nothing, another workload', [{ selector: { matchLabels: { app: 'x' } } }], []],
    ['allow all', [{ rules: [{}] }], []],
    ['allow its namespace', [{ rules: [from({ namespaces: ['llm'] })] }], []],
    ['allow by a pattern', [{ rules: [from({ namespaces: ['l*'] })] }], []],
    ['allow another namespace', [{ rules: [from({ namespaces: ['istio-system'] })] }], denied],
    ['all but its namespace', [{ rules: [from({ notNamespaces: ['llm'] })] }], denied],
    [
      'a principal of its namespace',
      [{ rules: [from({ principals: ['cluster.local/ns/llm/sa/litellm'] })] }],
      [],
    ],
    ['a principal of another', [{ rules: [from({ principals: ['cluster.local/ns/web/sa/x'] })] }], denied],
    ['any principal', [{ rules: [from({ principals: ['*'] })] }], []],
    ['what names no namespace may be it', [{ rules: [from({ ipBlocks: ['10.0.0.0/8'] })] }], []],
    ['two: one of them allows', [{}, { rules: [from({ namespaces: ['llm'] })] }], []],
    ['deny all', [{ action: 'DENY', rules: [{}] }], denied],
    ['deny its namespace', [{ action: 'DENY', rules: [from({ namespaces: ['llm'] })] }], denied],
    ['deny another namespace', [{ action: 'DENY', rules: [from({ namespaces: ['x'] })] }], []],
    ['deny one path only', [{ action: 'DENY', rules: [{ to: [{ operation: { paths: ['/admin'] } }] }] }], []],
    ['deny with no rule matches nothing', [{ action: 'DENY' }], []],
    ['audit', [{ action: 'AUDIT' }], []],
  ])('%s', (_title, specs, expected) => {
    expect(denials({ authorization: specs.map((spec) => policy('lf', spec)) })).toEqual(expected);
  });

  it("LiteLLM's own namespace has no say", () => {
    expect(denials({ authorization: [policy('llm', {})] })).toEqual([]);
  });
});
