import { describe, expect, it } from 'vitest';
import { parseBlueprint } from '../../src/projects/bootstrap/file.ts';
import { blueprintOf } from '../../src/projects/bootstrap/request.ts';

const problems = (text: string): string[] => {
  try {
    parseBlueprint(text, 'teams.yaml');
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n').map((line) => line.trim()) : [];
  }
};

describe('the file of projects and teams', () => {
  it('is read whole', () => {
    const text = `
organization: acme
projects:
  - production
  - name: sandbox
    retention: 30
teams:
  - search
  - name: ads
    toSecret: ads/langfuse-{project}
`;
    expect(parseBlueprint(text, 'teams.yaml')).toEqual({
      organization: 'acme',
      projects: [{ name: 'production' }, { name: 'sandbox', retentionDays: 30 }],
      teams: [{ name: 'search' }, { name: 'ads', toSecret: 'ads/langfuse-{project}' }],
    });
  });

  it('means production, staging and dev where it names no projects', () => {
    expect(parseBlueprint('organization: acme\n', 'x')).toEqual({
      organization: 'acme',
      projects: [{ name: 'production' }, { name: 'staging' }, { name: 'dev' }],
      teams: [],
    });
  });

  it('has all its problems told at once, each with its line, and no value of it', () => {
    const text = `organisation: acme
projects:
  - production
  - name: dev
    retention: 1
  - production
  - 7
teams:
  - name: ads
    toSecret: sk-lf-a-secret-by-mistake
    colour: red
`;
    expect(problems(text)).toEqual([
      'teams.yaml has 6 problems:',
      "line 1: 'organisation' is not known here; did you mean organization?",
      'line 5: retention: a retention is 0 or at least 3 whole days, not 1',
      "line 6: projects: 'production' stands here twice",
      'line 7: a project: a text is needed',
      'line 10: toSecret: NAMESPACE/NAME of a Secret is needed',
      "line 11: 'colour' is not known here; known: name, toSecret",
    ]);
  });

  it.each([
    ['a: [', 'line 1: not valid YAML'],
    ['- production', 'line 1: organization, projects and teams belong here'],
    ['', 'line 1: organization, projects and teams belong here'],
    ['projects: production', 'line 1: projects: a list is needed'],
    ['organization: [acme]', 'line 1: organization: a text is needed'],
    ['projects:\n  - { retention: 30 }', 'line 2: name: a text is needed'],
    ['projects:\n  - name: dev\n    retention: soon', 'line 3: retention: a number of days is needed'],
  ])('refuses %j', (text, message) => {
    expect(problems(text)[1]).toContain(message);
  });
});

describe('the words of the command line', () => {
  const none = { org: undefined, name: [], team: [] };

  it('make the same', async () => {
    expect(await blueprintOf({ ...none, org: 'acme', name: ['dev'], team: ['search'] })).toEqual({
      organization: 'acme',
      projects: [{ name: 'dev' }],
      teams: [{ name: 'search' }],
    });
  });

  it('do not go beside a file, nor twice', async () => {
    await expect(blueprintOf({ ...none, file: 'teams.yaml', team: ['a'] })).rejects.toThrow(
      'in the file of -f',
    );
    await expect(blueprintOf({ ...none, team: ['a', 'a'] })).rejects.toThrow('twice');
    await expect(blueprintOf({ ...none, file: '/nowhere/teams.yaml' })).rejects.toThrow('ENOENT');
  });
});
