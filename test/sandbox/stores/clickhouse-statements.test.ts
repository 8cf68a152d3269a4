import { describe, expect, it } from 'vitest';
import {
  exceptionInBody,
  exceptionOf,
  httpStatus,
} from '../../../src/sandbox/programs/clickhouse/exception.ts';
import { insertFromFile, readInsert } from '../../../src/sandbox/programs/clickhouse/insert-statement.ts';
import { withClientQueryIds } from '../../../src/sandbox/programs/clickhouse/processes.ts';
import {
  readStatement,
  selectIntoFile,
  streams,
} from '../../../src/sandbox/programs/clickhouse/select-statement.ts';

describe('an INSERT with rows', () => {
  it.each([
    ['INSERT INTO t FORMAT JSONEachRow\n{"a":1}', 'INSERT INTO t', '', 'JSONEachRow', '{"a":1}'],
    ["insert into t (a, `format x`) values ('1')", 'insert into t (a, `format x`)', '', 'Values', " ('1')"],
    [
      'INSERT INTO t SETTINGS async_insert=1 FORMAT CSV 1,2',
      'INSERT INTO t',
      'SETTINGS async_insert=1',
      'CSV',
      '1,2',
    ],
    ['-- a VALUES\n/* b */ INSERT INTO t FORMAT TSV\n', '-- a VALUES\n/* b */ INSERT INTO t', '', 'TSV', ''],
  ])('is taken apart: %j', (text, target, settings, format, rest) => {
    const insert = readInsert(text);
    expect(insert).toMatchObject({ target, settings, format });
    expect(text.slice(insert?.dataStart)).toBe(rest);
  });

  it.each([
    "INSERT INTO t SELECT 'x' AS a FORMAT TSV",
    "INSERT INTO t FROM INFILE 'x' FORMAT TSV",
    'INSERT INTO t WITH 1 AS a SELECT a',
    'SELECT 1 FORMAT JSON',
    "SELECT 'INSERT INTO t VALUES'",
    '',
  ])('is not seen in %j', (text) => {
    expect(readInsert(text)).toBeNull();
  });

  it('names a file with quotes in it', () => {
    const insert = { target: 'INSERT INTO t', settings: '', format: 'CSV', dataStart: 0 };
    expect(insertFromFile(insert, "/it's")).toBe(
      "INSERT INTO t FROM INFILE '/it\\'s' COMPRESSION 'none'  FORMAT CSV",
    );
  });
});

describe('a SELECT', () => {
  it.each([
    ['SELECT 1', 'TabSeparated', true],
    ['SELECT 1 FORMAT JSON;', 'JSON', false],
    ['(SELECT 1) FORMAT JSONEachRow SETTINGS max_threads = 1', 'JSONEachRow', true],
    ["WITH 'FORMAT JSON' AS x SELECT x -- FORMAT CSV", 'TabSeparated', true],
    ["SELECT format('{}', a) FROM t FORMAT CSV /* end */", 'CSV', true],
    ["SELECT * FROM s3('http://dead/x', 'k', 's')", 'TabSeparated', false],
    ['SELECT a, count() FROM t GROUP BY a WITH TOTALS', 'TabSeparated', false],
    ['SHOW TABLES FORMAT TSV', 'TSV', false],
  ])('%j has its format, and streams or not', (sql, format, streamed) => {
    const statement = readStatement(sql, 'TabSeparated');
    expect(statement.format).toBe(format);
    expect(streams(statement)).toBe(streamed);
  });

  it('goes to a file with its settings kept', () => {
    const statement = readStatement('SELECT 1 FORMAT JSON SETTINGS max_threads = 1', 'TSV');
    expect(selectIntoFile(statement, '/out')).toBe(
      "SELECT 1 \nINTO OUTFILE '/out' TRUNCATE COMPRESSION 'none' FORMAT JSON  SETTINGS max_threads = 1",
    );
  });
});

describe('query ids', () => {
  it('are those of the clients in KILL and in system.processes, but not in texts', () => {
    expect(withClientQueryIds("KILL QUERY WHERE query_id = 'query_id'")).toMatch(
      /log_comment'\]\) = 'query_id'$/,
    );
    const text = "SELECT 'FROM system.processes' FROM system.processes AS p";
    expect(withClientQueryIds(text)).toMatch(
      /^SELECT 'FROM system\.processes' FROM \(SELECT \* REPLACE .*\) AS p$/,
    );
    expect(withClientQueryIds('SELECT 1 FROM my_system.processes')).toBe('SELECT 1 FROM my_system.processes');
  });
});

describe('an exception', () => {
  it.each([
    [
      'Query failed: Code: 60. DB::Exception: Unknown table t. (UNKNOWN_TABLE)',
      { code: 60, name: 'UNKNOWN_TABLE', message: 'Unknown table t' },
    ],
    [
      'Code: 27. DB::Exception: Code: 27. DB::Exception: Cannot parse: (at row 1)\n: (in file/uri /spool/x): While executing File: data for INSERT was parsed from file. (CANNOT_PARSE) (version 26.7.2.1). (CANNOT_PARSE)',
      { code: 27, name: 'CANNOT_PARSE', message: 'Cannot parse: (at row 1)' },
    ],
    ['something else', { code: 1002, name: 'UNKNOWN_EXCEPTION', message: 'something else' }],
  ])('is read from %j', (text, expected) => {
    expect(exceptionOf(new Error(text))).toEqual(expected);
  });

  it('says that the disk is full as a server does', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(exceptionOf(full)).toMatchObject({ code: 243, name: 'NOT_ENOUGH_SPACE' });
    expect(httpStatus(243)).toBe(500);
  });

  it('in the middle of a body counts the bytes of its text', () => {
    expect(exceptionInBody('né', 'TAG')).toBe('\r\n__exception__\r\nTAG\r\nné\n4 TAG\r\n__exception__\r\n');
  });
});
