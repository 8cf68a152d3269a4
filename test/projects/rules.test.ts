import { describe, expect, it } from 'vitest';
import { placeOf, refuseShared } from '../../src/projects/bootstrap/places.ts';
import { nameProblem } from '../../src/projects/name.ts';
import { requireRetention, retentionProblem } from '../../src/projects/retention.ts';
import { pickOrganization } from '../../src/tenancy/organizations.ts';
import { projectsWorld } from './world.ts';

describe('a name', () => {
  it.each([
    ['dev', 2, null],
    ['dev', 4, null],
    ['ab', 4, '3 to 60 characters'],
    ['a'.repeat(60), 3, null],
    ['a'.repeat(61), 3, '3 to 60 characters'],
    ['a'.repeat(30), 2, null],
    ['a'.repeat(31), 2, '3 to 30 characters'],
    ['a <b>bold</b> one', 4, 'no HTML'],
    ['less < more', 4, null],
    [' padded ', 4, 'neither begins nor ends'],
    ['two\nlines', 4, 'control characters'],
  ] as const)('%j in Langfuse %i', (name, generation, problem) => {
    const found = nameProblem(name, generation);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toContain(problem);
  });
});

describe('a retention', () => {
  it.each([
    [0, true],
    [3, true],
    [2, false],
    [-1, false],
    [3.5, false],
  ])('%d', (days, isGood) => {
    expect(retentionProblem(days) === null).toBe(isGood);
  });

  it('needs a licence in the variables of web, and a version that has it', () => {
    const world = projectsWorld();
    const unlicensed = { code: 'RETENTION_LICENCE', exit: 'refused' };
    expect(() => requireRetention(world.tenancy(), 30)).toThrow(expect.objectContaining(unlicensed));
    expect(() => requireRetention(world.tenancy(), 0)).not.toThrow();
    world.variables = { LANGFUSE_EE_LICENSE_KEY: 'langfuse_pro_x' };
    expect(() => requireRetention(world.tenancy(), 30)).toThrow(expect.objectContaining(unlicensed));
    world.variables = { LANGFUSE_EE_LICENSE_KEY: 'langfuse_ee_x' };
    expect(() => requireRetention(world.tenancy(), 30)).not.toThrow();
    expect(() => requireRetention(world.tenancy({ generation: 2 }), 30)).toThrow(/Langfuse 2/);
    expect(() => requireRetention(world.tenancy({ deployment: null }), 30)).toThrow(/not known here/);
  });
});

describe('an organisation', () => {
  const all = [
    { id: 'o1', name: 'acme' },
    { id: 'o2', name: 'twin' },
    { id: 'o3', name: 'twin' },
  ];

  it('is found by id, else by a name that only one has', () => {
    expect(pickOrganization(all, 'o2').id).toBe('o2');
    expect(pickOrganization(all, 'acme').id).toBe('o1');
    expect(() => pickOrganization(all, 'twin')).toThrow(/2 organisations have the name 'twin': o2, o3/);
    expect(() => pickOrganization(all, 'acm')).toThrow(
      expect.objectContaining({
        code: 'ORGANIZATION_UNKNOWN',
        fixes: expect.arrayContaining([{ text: 'did you mean acme?' }]),
      }),
    );
    expect(() => pickOrganization([], 'acme')).toThrow(/there is none/);
  });
});

describe('places of pairs', () => {
  const names = { publicKey: 'PK', secretKey: 'SK' };
  const options = {
    toSecret: undefined,
    toFile: undefined,
    reveal: false,
    names,
    terminal: false,
    given: false,
  };

  it('have project and team filled in, and the team’s own goes first', () => {
    const owner = { project: 'My Dev', team: 'search', toSecret: undefined };
    const flags = { ...options, toSecret: 'apps/{project}-{team}' };
    expect(placeOf(flags, owner)).toMatchObject({ namespace: 'apps', name: 'my-dev-search' });
    expect(placeOf(flags, { ...owner, toSecret: 'ads/{project}' })).toMatchObject({
      namespace: 'ads',
      name: 'my-dev',
    });
    expect(placeOf({ ...options, reveal: true }, owner)).toEqual({ kind: 'result' });
    expect(() => placeOf(options, owner)).toThrow(expect.objectContaining({ code: 'KEY_NOWHERE' }));
  });

  it('are refused where two pairs would share one', () => {
    const place = { kind: 'secret', namespace: 'apps', name: 'keys', names } as const;
    const shared = [
      { place, note: 'dev search' },
      { place, note: 'dev ads' },
    ];
    expect(() => refuseShared(shared)).toThrow(
      /'dev search' and 'dev ads' would both go to Secret apps\/keys/,
    );
    expect(() => refuseShared(shared.slice(1))).not.toThrow();
  });
});
