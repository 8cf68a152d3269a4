/** Every document that a command gives without a deployment, held to the schema that `lfctl schema` prints. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schemaKinds } from '../../src/cli/schemas.ts';
import { commands } from '../../src/commands/index.gen.ts';
import { fakeHost, run, temporaryFolder } from './host.ts';
import { ajv, problemsOf, schemaOf } from './schemas.ts';

describe('schemas', () => {
  it('are valid, and share one envelope', async () => {
    const envelopes = new Set<string>();
    for (const kind of await schemaKinds()) {
      const schema = await schemaOf(kind);
      expect(ajv.validateSchema(schema), kind).toBe(true);
      expect(schema).toMatchObject({ $id: `urn:lfctl:schema:${kind}:1`, title: kind });
      if (kind === 'Error') continue;
      const { kind: _kind, data: _data, ...rest } = schema['properties'] as Record<string, unknown>;
      envelopes.add(JSON.stringify([rest, schema['required']]));
    }
    expect([...envelopes]).toHaveLength(1);
  });

  it('exist for each kind that a command names', async () => {
    const kinds = await schemaKinds();
    for (const command of commands) {
      const source = await readFile(`src/commands/${command.path.join('-')}.ts`, 'utf8');
      const named = [...source.matchAll(/kind: '(\w+)'/g)].map((match) => match[1] ?? '');
      for (const kind of named) expect(kinds, command.path.join(' ')).toContain(kind);
    }
  });

  it('are printed as they are, in any case of letters, as JSON and YAML', async () => {
    const text = await run('schema doctorreport');
    expect(JSON.parse(text.stdout)).toEqual(await schemaOf('DoctorReport'));
    expect(JSON.parse((await run('schema DoctorReport -o json')).stdout)).toEqual(
      await schemaOf('DoctorReport'),
    );
    expect(parse((await run('schema DoctorReport -o yaml')).stdout)).toEqual(await schemaOf('DoctorReport'));
    expect(await run('schema DoctorRepot')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean DoctorReport?'),
    });
  });
});

describe('documents', () => {
  it.each([
    'version',
    'schema',
    'explain',
    'explain redis/reachable',
    'explain POSTGRES_AUTH',
    'explain 4',
    'explain keep-alive',
    'explain redis-down',
    'completion bash',
    'config view',
    'config view --sources -n langfuse',
    'sandbox faults',
  ])('of `lfctl %s` keep to their schema', async (line) => {
    const { code, stdout } = await run(`${line} -o json`);
    expect(code).toBe(0);
    expect(await problemsOf(JSON.parse(stdout))).toBeNull();
    const yaml: unknown = parse((await run(`${line} -o yaml`)).stdout);
    expect(yaml).toEqual(JSON.parse(stdout));
  });

  it('of changes keep to their schema', async () => {
    const file = join(await temporaryFolder(), 'config.yaml');
    await writeFile(file, 'deployments:\n  a: {}\n');
    for (const line of ['config use a', 'config use a', 'config init --name b --url https://b.example.com']) {
      const { stdout } = await run(`${line} --config ${file} -o json`);
      expect(await problemsOf(JSON.parse(stdout))).toBeNull();
    }
  });

  it.each([
    'nothing',
    'config view --config /nothing',
    'sandbox status --name nobody',
    'version --timeout x',
  ])('of errors keep to their schema: %s', async (line) => {
    const env = { XDG_STATE_HOME: await temporaryFolder() };
    const { stdout, stderr } = await run(`${line} -o json`, fakeHost({ env }));
    expect(stdout).toBe('');
    expect(await problemsOf(JSON.parse(stderr))).toBeNull();
  });

  it('are refused by the schema when a field is missing', async () => {
    const { stdout } = await run('version -o json');
    const { at: _at, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
    expect(await problemsOf(rest)).not.toBeNull();
  });
});
