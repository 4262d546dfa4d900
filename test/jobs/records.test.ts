import { describe, expect, it } from 'vitest';

import { importUsers, parseMappingFile, validateUsers } from '../../src/index.js';
import { demoSeed } from '../../src/sandbox/demo-seed.js';

import { collect, org, person } from './library-org.js';

/** A row type without an index signature. */
interface Hire {
  readonly login: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string | null;
  readonly startsOn?: string;
}

const ada: Hire = { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada', lastName: 'Byron' };

async function* later<T>(records: readonly T[]): AsyncGenerator<T> {
  yield* records;
}

describe('the record of an outcome', () => {
  it('is the same object that the source yielded, with its own type', async () => {
    const { client } = await org();
    const hires: Hire[] = [ada, { ...ada, lastName: null }];

    const outcomes = await collect(importUsers({ records: hires }, { client, ignoreColumns: ['startsOn'] }));

    const names: (string | null)[] = outcomes.map(({ record }) => record.lastName);
    expect(names).toEqual(['Byron', null]);
    expect(outcomes[0]?.record).toBe(hires[0]);
    expect(outcomes[1]?.record).toBe(hires[1]);
  });

  it('of a file is its cells by column, unchanged', async () => {
    const csv = (async function* () {
      yield Buffer.from('E-mail,First name,lastName,Note\nada@example.com, Ada ,Byron,\nbea,Bea,Z,"a,b"\n');
    })();

    const outcomes = await collect(validateUsers({ csv }, { ignoreColumns: ['Note'] }));

    expect(outcomes.map(({ status, record }) => ({ status, record }))).toEqual([
      {
        status: 'valid',
        record: { 'E-mail': 'ada@example.com', 'First name': ' Ada ', lastName: 'Byron', Note: '' },
      },
      { status: 'invalid', record: { 'E-mail': 'bea', 'First name': 'Bea', lastName: 'Z', Note: 'a,b' } },
    ]);
  });
});

describe('the values of records', () => {
  it('are sent unchanged: numbers, booleans, lists, and nothing for null', async () => {
    const { okta, client } = await org({ seed: demoSeed });
    const values = {
      level: 3,
      fte: 0.5,
      remote: false,
      skills: ['C; C++', ' Go '],
      title: null,
      employeeNumber: 42,
      groups: ['Sales', 'R;D'],
    };

    const outcomes = await collect(
      importUsers({ records: [person(1, values)] }, { client, createGroups: true }),
    );

    expect(outcomes).toMatchObject([{ status: 'created' }]);
    expect(okta.findUser('p1')?.profile).toMatchObject({
      level: 3,
      fte: 0.5,
      remote: false,
      skills: ['C; C++', ' Go '],
      employeeNumber: '42',
    });
    expect(okta.findUser('p1')?.profile).not.toHaveProperty('title');
    expect(okta.groupsOf('p1')).toEqual(['Sales', 'R;D']);
  });

  it('are numbers whatever decimal separator the mapping sets for text', async () => {
    const { okta, client } = await org({ seed: demoSeed });
    const mapping = parseMappingFile('profile: { fte: { column: FTE, decimal: "," } }', 'inline');

    await collect(
      importUsers({ records: [person(1, { FTE: 0.5 }), person(2, { FTE: '0,25' })] }, { client, mapping }),
    );

    expect(okta.findUser('p1')?.profile['fte']).toBe(0.5);
    expect(okta.findUser('p2')?.profile['fte']).toBe(0.25);
  });

  it('that no attribute can take are problems of their row', async () => {
    const { client } = await org({ seed: demoSeed });
    const records = [
      person(1, { level: 'high' }),
      person(2, { startsOn: new Date(0) }),
      person(3, { title: ['a', 'b'] }),
      person(4, { level: 2.5 }),
      person(5, { level: Number.NaN }),
    ];

    const outcomes = await collect(validateUsers({ records }, { client, ignoreColumns: ['startsOn'] }));

    expect(outcomes).toMatchObject([
      { status: 'invalid', problems: [{ column: 'level' }] },
      { status: 'invalid', problems: [{ code: 'wrong-type', column: 'startsOn' }] },
      { status: 'invalid', problems: [{ code: 'wrong-type', column: 'title' }] },
      { status: 'invalid', problems: [{ column: 'level' }] },
      { status: 'invalid', problems: [{ code: 'wrong-type', column: 'level' }] },
    ]);
  });
});

describe.each([
  ['a list', <T>(records: readonly T[]) => records],
  ['a stream', later],
])('the keys of %s of records', (_, sourceOf) => {
  it('are those of all records: a later key is recognized, and is an empty cell before', async () => {
    const { okta, client } = await org();
    const records: object[] = [
      { email: 'p1@example.com', firstName: 'A', lastName: 'Z' },
      person(2, { title: 'Manager' }),
      { 'First name': 'C', lastName: 'Z', title: 'Engineer', email: 'p3@example.com' },
      person(4, { Department: 'Sales' }),
    ];

    const outcomes = await collect(importUsers({ records: sourceOf(records) }, { client }));

    expect(outcomes).toMatchObject([
      { status: 'created', login: 'p1@example.com' },
      { status: 'created' },
      // Two keys mean one attribute: a problem of the row that names the key.
      {
        status: 'invalid',
        login: 'p3@example.com',
        problems: [
          { code: 'column-repeated', column: 'First name' },
          { code: 'required-missing', column: 'firstName' },
        ],
      },
      { status: 'created' },
    ]);
    expect(okta.findUser('p2')?.profile['title']).toBe('Manager');
    expect(okta.findUser('p4')?.profile['department']).toBe('Sales');
  });

  it('may have a login key in a later record only', async () => {
    const { client } = await org();
    const records: object[] = [{ firstName: 'A', lastName: 'Z' }, person(2, {}), person(3, {})];

    const outcomes = await collect(importUsers({ records: sourceOf(records) }, { client }));

    expect(outcomes.map(({ status }) => status)).toEqual(['invalid', 'created', 'created']);
  });

  it('that are unknown are problems of their row, which name the key', async () => {
    const { client } = await org();
    const records = [person(1, {}), person(2, { frstName: 'x' }), person(3, { frstName: '' })];

    const outcomes = await collect(importUsers({ records: sourceOf(records) }, { client }));

    expect(outcomes).toMatchObject([
      { status: 'created' },
      {
        status: 'invalid',
        problems: [
          { code: 'column-unknown', column: 'frstName', message: expect.stringContaining('"frstName"') },
        ],
      },
      { status: 'created' },
    ]);
  });

  it('may be columns of a mapping that the first record lacks', async () => {
    const { okta, client } = await org();
    const mapping = parseMappingFile(
      'profile: { title: { column: Job }, nickName: "{{ row.Nick | upcase }}" }\nignore: [Note]',
      'inline',
    );
    const records: object[] = [person(1, {}), person(2, { Job: 'Manager', Nick: 'bo', Note: 'x' })];

    const outcomes = await collect(importUsers({ records: sourceOf(records) }, { client, mapping }));

    expect(outcomes.map(({ status }) => status)).toEqual(['created', 'created']);
    expect(okta.findUser('p2')?.profile).toMatchObject({ title: 'Manager', nickName: 'BO' });
  });

  it('find a duplicate login even if a column is added between its rows', async () => {
    const records = [person(1, {}), person(1, { title: 'x' })];

    const outcomes = await collect(validateUsers({ records: sourceOf(records) }));

    expect(outcomes).toMatchObject([
      { status: 'valid' },
      { status: 'invalid', problems: [{ code: 'login-repeated' }] },
    ]);
  });
});

it('invalid records end the import with a TypeError that names the row', async () => {
  const { client } = await org();
  const records: object[] = [person(1, {}), ['no', 'object']];

  await expect(collect(importUsers({ records }, { client }))).rejects.toThrow(TypeError);
  await expect(collect(importUsers({ records }, { client }))).rejects.toThrow('Record 2');
});
