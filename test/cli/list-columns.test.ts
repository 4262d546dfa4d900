import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { listColumns, importableColumns, type KnownColumns } from '../../src/cli/list-columns.js';
import { readCsv } from '../../src/csv/read-csv.js';
import type { Profile, ProfileValue, User, UserSchemaAttribute } from '../../src/okta/types.js';
import { compileMapping } from '../../src/mapping/mapping.js';
import { unescapeHeader } from '../../src/mapping/generated-file.js';
import { toUserRequest } from '../../src/mapping/user-request.js';
import { csvLine } from '../../src/report/csv-writer.js';
import { baseSchema } from '../../src/validation/user-schema.js';

const userTypes = [
  { id: 'oty1', name: 'user', displayName: 'User', default: true },
  { id: 'oty2', name: 'contractor', displayName: 'Contractor', default: false },
];

function userOf(profile: Profile, typeId = 'oty1'): User {
  return {
    id: '00u1',
    status: 'ACTIVE',
    created: '2026-01-01T00:00:00.000Z',
    lastUpdated: '2026-01-02T00:00:00.000Z',
    type: { id: typeId },
    profile: { login: 'ada@example.com', ...profile },
  };
}

/** The users as `list` writes them, and as `import` then reads them. */
async function readBack(
  users: readonly User[],
  known: KnownColumns,
  names: readonly string[] = importableColumns(known),
): Promise<{ profiles: Profile[]; types: (string | undefined)[]; text: string; problems: unknown[] }> {
  const columns = listColumns(names, known);
  const lines = [
    columns.map(({ header }) => header),
    ...users.map((user) => columns.map(({ cellOf }) => cellOf(user))),
  ];
  const text = lines.map(csvLine).join('');
  const table = await readCsv(
    (async function* () {
      yield Buffer.from(text);
    })(),
    { encoding: 'utf-8' },
  );
  const mapping = compileMapping(unescapeHeader(table.header), known);
  const profiles: Profile[] = [];
  const types: (string | undefined)[] = [];
  const problems: unknown[] = [];
  for await (const row of table.rows) {
    const mapped = toUserRequest(row, mapping);
    profiles.push(mapped.request.profile);
    types.push(mapped.type);
    problems.push(...mapped.problems);
  }
  return { profiles, types, text, problems };
}

const attributes: Readonly<Record<string, UserSchemaAttribute>> = {
  ...baseSchema.attributes,
  badge: { title: 'Badge', type: 'string', unique: 'UNIQUE_VALIDATED' },
  shirt: {
    title: 'Shirt',
    type: 'string',
    enum: ['S', 'M', 'small'],
    oneOf: [
      { const: 'S', title: 'Small' },
      { const: 'M', title: 'Medium' },
      { const: 'small', title: 'S' },
    ],
  },
  skills: { title: 'Skills', type: 'array', items: { type: 'string' } },
  sizes: {
    title: 'Sizes',
    type: 'array',
    items: { type: 'string', enum: ['S'], oneOf: [{ const: 'S', title: 'Small' }] },
  },
  levels: { title: 'Levels', type: 'array', items: { type: 'integer' } },
  weights: { title: 'Weights', type: 'array', items: { type: 'number' } },
  remote: { title: 'Remote', type: 'boolean' },
  score: { title: 'Score', type: 'number' },
  grade: { title: 'Grade', type: 'integer' },
  hiredAt: { title: 'Hired at', type: 'string', format: 'date-time' },
  // Named like generated columns, and like fields of a user.
  groups: { title: 'Groups', type: 'string' },
  type: { title: 'Type', type: 'string' },
  status: { title: 'Status', type: 'string' },
  id: { title: 'Id', type: 'string', mutability: 'READ_ONLY' },
};
const known: KnownColumns = { attributes, isOrgSchema: true, userTypes };

/** Texts with a meaning in CSV, spreadsheets, lists, JSON, or in this program. */
const awkward = fc.oneof(
  fc.constantFrom(
    '=1+1',
    "'=1",
    "''+",
    '+49 170 1',
    '-5',
    '@home',
    '\tx',
    '\r',
    'x\r\ny',
    'x\ny',
    '"',
    '""',
    '"a"',
    '" a "',
    '"\\" a \\""',
    ' padded ',
    '\u00a0x',
    '\ufeffx',
    ';',
    'a;b',
    ';a',
    'a; b',
    '[',
    '[]',
    '["a"]',
    '["a;b"]',
    '#N/A',
    '8.88E+09',
    '45123',
    '00123',
    'true',
    '1e3',
    ',',
    'a,b',
    'de',
    'en_us',
    'EN_us',
    'Small',
    'small',
    's',
    '{{ x }}',
    '[redacted]',
    '[missing]',
    'x [surplus: y]',
    'e\u0301',
    '佐藤',
    '_',
  ),
  // U+FFFD, a lost character, is rejected in any value.
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\ufffd', '')),
  fc.string({ unit: fc.constantFrom(...'"\'=＝;[],\\ \n\r\tab-+@'.split('')) }),
);

function valuesOf({ type, items }: UserSchemaAttribute): fc.Arbitrary<ProfileValue> {
  if (type !== 'array') return fc.option(scalarsOf(type));
  return fc.option(fc.array(scalarsOf(items?.type ?? 'string'), { maxLength: 4 }) as fc.Arbitrary<string[]>);
}

function scalarsOf(type: string): fc.Arbitrary<string | number | boolean> {
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return fc.integer({ min: -2_147_483_648, max: 2_147_483_647 });
  if (type === 'number') return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  return awkward;
}

const profiles: fc.Arbitrary<Profile> = fc
  .record(
    Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, valuesOf(attribute)])),
    { requiredKeys: [] },
  )
  .map((profile) => ({ ...profile, login: (profile['login'] as string | undefined) || 'ada@example.com' }));

/** The profile as a request can express it: null, an empty text and an empty list are all omitted. */
function sendable(profile: Profile): Profile {
  return Object.fromEntries(
    Object.entries(profile).filter(
      ([name, value]) =>
        value !== null && value !== '' && !(Array.isArray(value) && value.length === 0) && name !== 'id',
    ),
  );
}

describe('a list as CSV', () => {
  it('is read back as exactly the same profiles, for any values', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(profiles, { minLength: 1, maxLength: 4 }), async (people) => {
        const { profiles: read, problems } = await readBack(
          people.map((profile) => userOf(profile)),
          known,
        );

        expect(problems).toEqual([]);
        expect(read).toEqual(people.map(sendable));
      }),
      { numRuns: 500 },
    );
  });

  it('is read back exactly with a few columns and none that marks it as generated', async () => {
    const names = ['login', 'mobilePhone', 'skills', 'score', 'levels', 'remote'];
    await fc.assert(
      fc.asyncProperty(profiles, async (profile) => {
        const { profiles: read, problems } = await readBack([userOf(profile)], known, names);

        const asked = Object.entries(sendable(profile)).filter(([name]) => names.includes(name));
        expect(problems).toEqual([]);
        expect(read).toEqual([Object.fromEntries(asked)]);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves plain values unchanged and escapes only values that would be read differently', () => {
    const columns = listColumns(['firstName', 'skills', 'score'], known);
    const cells = (profile: Profile): string[] => columns.map(({ cellOf }) => cellOf(userOf(profile)));

    expect(cells({ firstName: '"Bob"', skills: ['Go', 'SQL'], score: 0.5 })).toEqual([
      '"Bob"',
      'Go;SQL',
      '0.5',
    ]);
    expect(cells({ firstName: ' x ', skills: ['a;b', 'c'], score: -1 })).toEqual([
      '" x "',
      '["a;b","c"]',
      '"-1"',
    ]);
    expect(cells({ firstName: '=1+1', skills: [], score: null })).toEqual(['"=1+1"', '', '']);
  });

  it('names the user type of each user', async () => {
    const { types } = await readBack([userOf({}), userOf({}, 'oty2')], known);

    expect(types).toEqual(['user', 'contractor']);
  });

  it('has no column that import would reject', async () => {
    const all = ['id', 'status', 'created', 'activated', 'lastLogin', 'lastUpdated', 'profile.id', 'login'];
    const { text, profiles: read } = await readBack([userOf({ id: 'x' })], known, all);

    expect(text.split('\r\n')[0]).toBe(
      '_id,_status,_created,_activated,_lastLogin,_lastUpdated,_profile.id,login',
    );
    expect(read).toEqual([{ login: 'ada@example.com' }]);
  });
});

describe('columns', () => {
  it('are the writable attributes of the schema by default', () => {
    const { attributes: base } = baseSchema;
    expect(
      importableColumns({ attributes: base, isOrgSchema: true, userTypes: userTypes.slice(0, 1) }),
    ).toEqual(['id', 'status', ...Object.keys(base).map((name) => `profile.${name}`)]);
  });

  it('that are unknown are all reported, with suggestions', () => {
    expect(() => listColumns(['login', 'frstName', 'lastUpdate', 'xyz'], known)).toThrow(
      'Unknown column "frstName". Did you mean "firstName"?\nUnknown column "lastUpdate". Did you mean "lastUpdated"?\nUnknown column "xyz".',
    );
  });

  it('cannot be listed twice', () => {
    expect(() => listColumns(['login', 'profile.login'], known)).toThrow(
      'Column "profile.login" is listed twice',
    );
  });

  it('named like a field of a user are the field unless they begin with profile.', () => {
    const [field, attribute] = listColumns(['status', 'profile.status'], known);

    expect(field?.valueOf(userOf({ status: 'x' }))).toBe('ACTIVE');
    expect(attribute?.valueOf(userOf({ status: 'x' }))).toBe('x');
  });
});
