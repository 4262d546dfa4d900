import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserSchemaAttribute } from '../../src/okta/types.js';
import { ada, check, checkAll, codes, orgSchema, warningsOf } from './build.js';

describe('a row', () => {
  it('without mistakes has no problems', () => {
    expect(
      check({ countryCode: 'GB', timezone: 'Europe/London', locale: 'en_GB', preferredLanguage: 'en-GB' }),
    ).toEqual([]);
  });

  it('has all its problems at once, including those of its mapping', () => {
    const cells = {
      firstName: '',
      lastName: 'x'.repeat(51),
      email: 'ada',
      countryCode: 'UK',
      password: '[redacted]',
    };
    expect(codes(check({ ...cells, groups: 'Everyone' })).toSorted()).toEqual([
      'group-everyone',
      'not-a-country-code',
      'not-an-email',
      'required-missing',
      'secret-redacted',
      'too-long',
      'too-short',
    ]);
  });

  it('whose login is taken from the email has each problem once', () => {
    const people = { firstName: 'Ada', lastName: 'Byron' };
    const [bad, empty] = checkAll([
      { email: 'ada.byron', ...people },
      { ...people, email: '' },
    ]);
    expect(bad).toMatchObject([{ code: 'login-not-an-email', column: 'email' }]);
    expect(empty).toMatchObject([{ code: 'required-missing', column: 'email' }]);
  });

  it('that is empty has only that problem', () => {
    const [empty] = checkAll([{ login: '', firstName: '' }]);
    expect(codes(empty ?? [])).toEqual(['empty-row']);
  });

  it('has problems with the column name of the file', () => {
    const [problems] = checkAll([
      { 'User name': 'ada@example.com', 'Given name': '', Surname: 'B', 'E-mail': 'a@example.com' },
    ]);
    expect(problems).toEqual([
      {
        code: 'required-missing',
        column: 'Given name',
        message: 'firstName is empty, but required unless your org made it optional.',
        blocksOnlyCreate: true,
      },
    ]);
  });
});

describe('a line that is no person', () => {
  it.each([
    ['a total', { login: 'Gesamt', email: '', title: '27' }, '"Gesamt"'],
    [
      'a total without a label in the first column',
      { login: '', email: '', city: 'Count: 27' },
      '"Count: 27"',
    ],
    [
      'a total with its number in the column of a name',
      { login: 'Gesamt', email: '', lastName: '27' },
      '"Gesamt"',
    ],
    ['the remark of a program', { login: '(1 rows affected)', email: '' }, '"(1 rows affected)"'],
  ])('has one problem, which says so: %s', (_, cells, only) => {
    expect(check({ firstName: '', lastName: '', ...cells })).toMatchObject([
      {
        code: 'not-a-person',
        column: undefined,
        message: `The row has no name and no email address, only ${only}. Fill it in, or delete it if it is not a person, such as a total.`,
      },
    ]);
  });

  it.each([
    ['a person without a name', { firstName: '', lastName: '' }, ['required-missing', 'required-missing']],
    ['a person with a name and a wrong login', { login: 'Ada' }, ['too-short', 'login-not-an-email']],
  ])('is not %s', (_, cells, expected) => {
    expect(codes(check(cells))).toEqual(expected);
  });

  it('has one problem as well when it is a heading in a name column', () => {
    const cells = { login: '', email: '', firstName: 'Sales department', lastName: '' };

    expect(check(cells)).toMatchObject([
      {
        code: 'not-a-person',
        message:
          'The row has only one value, "Sales department". Fill it in, or delete it if it is not a person, such as a heading.',
      },
    ]);
  });

  it('is not a line with another problem', () => {
    const cells = { login: 'Ada', email: '', firstName: '', lastName: '', countryCode: 'Atlantis' };
    expect(codes(check(cells))).not.toContain('not-a-person');
  });
});

describe('a row with cells in the wrong columns', () => {
  it.each([
    ['moved to the left', { login: 'Ada', firstName: 'ada@example.com', lastName: '', email: 'Byron' }],
    ['moved with an empty email', { login: '', firstName: 'Byron', lastName: 'ada@example.com', email: '' }],
  ])('has only this problem: %s', (_, cells) => {
    expect(check({ ...cells, countryCode: 'Germany' })).toMatchObject([
      { code: 'row-shifted', column: undefined, message: expect.stringContaining('"ada@example.com"') },
    ]);
  });

  it('is not detected if login and email are valid too', () => {
    expect(check({ firstName: 'ada@example.com' })).toEqual([]);
  });

  it('is not detected if only the email is invalid', () => {
    expect(codes(check({ email: 'Ada' }))).toEqual(['too-short', 'not-an-email']);
  });
});

describe('required attributes', () => {
  it('are those of the org, which may make the last name optional', () => {
    const schema = { ...orgSchema({}), required: ['login', 'firstName', 'email'] };
    expect(check({ lastName: '' }, { schema })).toEqual([]);
  });

  it('may be empty if the org has a default for them', () => {
    const schema = orgSchema({ shirtSize: { type: 'string', required: true, default: 'M' } });
    expect(check({ shirtSize: '' }, { schema })).toEqual([]);
  });

  it('are not reported as missing if the cell could not be read', () => {
    const schema = orgSchema({ grade: { type: 'integer', required: true } });
    expect(codes(check({ grade: 'x' }, { schema }))).toEqual(['not-an-integer']);
  });
});

describe('an attribute of the org’s schema', () => {
  const attributes: Record<string, UserSchemaAttribute> = {
    code: { type: 'string', minLength: 2, maxLength: 4 },
    size: { type: 'string', enum: ['S', 'M'] },
    plate: { type: 'string', pattern: '^[A-Z]{2}-\\d+$' },
    level: { type: 'integer', minimum: 1, maximum: 9 },
    rate: { type: 'number', maximum: 1.5 },
    levels: { type: 'array', items: { type: 'integer', enum: [1, 2] } },
    fixed: { type: 'string', mutability: 'READ_ONLY' },
    hiredAt: { type: 'string', format: 'date-time' },
  };
  it.each([
    ['code', 'a', 'too-short', 'code "a" has 1 character, but must have at least 2.'],
    ['code', 'abcde', 'too-long', 'code "abcde" has 5 characters, but must have at most 4. Shorten it.'],
    ['size', 'XL', 'not-one-of', 'size "XL" is not one of: S, M.'],
    ['plate', 'x-1', 'pattern-mismatch', 'plate "x-1" does not match the org\'s pattern ^[A-Z]{2}-\\d+$.'],
    ['level', '0', 'below-minimum', 'level is 0, but must be at least 1.'],
    ['level', '10', 'above-maximum', 'level is 10, but must be at most 9.'],
    ['rate', '1.6', 'above-maximum', 'rate is 1.6, but must be at most 1.5.'],
    ['levels', '1;3', 'not-one-of', 'levels "3" is not one of: 1, 2.'],
    ['fixed', 'x', 'attribute-read-only', 'fixed is read-only in this org. Clear the cell.'],
    ['hiredAt', '2026-02-30', 'not-a-date-time', expect.stringContaining('"2026-02-30"')],
  ])('%s rejects %j: %s', (column, cell, code, message) => {
    expect(check({ [column]: cell }, { schema: orgSchema(attributes) })).toEqual([{ code, column, message }]);
  });

  it.each([
    ['code', 'abcd'],
    ['size', 'M'],
    ['plate', 'AB-123'],
    ['level', '9'],
    ['rate', '1.5'],
    ['levels', '1;2'],
    ['hiredAt', '2026-02-28T10:00:00Z'],
  ])('%s accepts %j', (column, cell) => {
    expect(check({ [column]: cell }, { schema: orgSchema(attributes) })).toEqual([]);
  });

  it('is a problem in a row whose user type does not have it', () => {
    const schema = orgSchema({ hat: { type: 'string' } });
    const setup = {
      schema,
      schemaFor: (type: string | undefined) => (type === 'guest' ? orgSchema({}) : schema),
    };
    const [employee, guest] = checkAll(
      [
        { ...ada, hat: 'x', type: '' },
        { ...ada, login: 'b@example.com', hat: 'x', type: 'guest' },
      ],
      setup,
    );
    expect(employee).toEqual([]);
    expect(guest).toMatchObject([
      { code: 'attribute-unknown', column: 'hat', message: expect.stringContaining('"guest"') },
    ]);
  });

  it('is not a problem in a row with an unknown type, which is the problem there', () => {
    const schema = orgSchema({ hat: { type: 'string' } });
    expect(check({ hat: 'x', type: 'ghost' }, { schema, schemaFor: () => undefined })).toEqual([]);
  });

  it('is not a problem offline', () => {
    expect(check({ 'profile.hat': 'x' })).toEqual([]);
  });
});

describe('characters that Okta cannot store', () => {
  it.each([
    ['an emoji', 'Ada 😀', 'U+1F600'],
    ['a letter above U+FFFF', '𝒜da', 'U+1D49C'],
    ['half a surrogate pair', 'Ada\ud83d', 'U+D83D'],
  ])('are named in the message: %s', (_, firstName, codePoint) => {
    expect(check({ firstName })).toMatchObject([
      { code: 'unsupported-character', column: 'firstName', message: expect.stringContaining(codePoint) },
    ]);
  });

  it('do not include other scripts', () => {
    expect(check({ firstName: 'Åda', lastName: '山田' })).toEqual([]);
  });
});

describe('groups', () => {
  it.each(['Everyone', 'everyone'])('must not contain %s, unless the org can be asked', (group) => {
    const groups = `Staff;${group}`;
    expect(codes(check({ groups }))).toEqual(['group-everyone']);
    expect(check({ groups }, { schema: orgSchema({}) })).toEqual([]);
  });

  it.each([
    [
      'a control character',
      'Sal\u001bes',
      'The group name "Sal\\u001bes" contains a control character (U+001B).',
    ],
    ['more than 255 characters', 'x'.repeat(256), 'has 256 characters, but Okta allows at most 255'],
    ['an emoji', 'Sales 🚀', 'contains 🚀 (U+1F680), which Okta cannot store'],
  ])('must not have names with %s', (_, group, text) => {
    expect(check({ groups: `Staff;${group}` })).toMatchObject([
      { code: 'group-name', column: 'groups', message: expect.stringContaining(text) },
    ]);
    expect(check({ groups: `Staff;${'x'.repeat(255)};Vertrieb Süd` })).toEqual([]);
  });
});

it('validates any cells without throwing and without showing secrets', () => {
  const columns = ['login', 'firstName', 'email', 'locale', 'timezone', 'groups', 'recoveryQuestion'];
  const secretColumns = [
    'password',
    'recoveryAnswer',
    'credentials.password.hash.value',
    'credentials.password.hash.salt',
  ];
  const cell = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '@', 'a@b.c', ';', '[redacted]'),
  );
  const secret = fc.stringMatching(/^S3CR3T[ -~]{0,80}$/);
  const cells = fc.record(Object.fromEntries(columns.map((column) => [column, cell])));
  const secrets = fc.record(Object.fromEntries(secretColumns.map((column) => [column, secret])));
  fc.assert(
    fc.property(cells, secrets, (open, hidden) => {
      expect(JSON.stringify(check({ ...open, ...hidden }, { changePassword: true }))).not.toContain('S3CR3T');
    }),
  );
});

it('reports a required attribute without a column', () => {
  const [problems] = checkAll([{ login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada' }]);
  expect(problems).toEqual([
    {
      code: 'required-missing',
      column: undefined,
      message:
        'lastName is required unless your org made it optional, but no single column of the file provides it. Add or map one.',
      blocksOnlyCreate: true,
    },
  ]);
});

describe('a settled row', () => {
  it('is not validated again, but its login counts for duplicates', () => {
    const rows = [
      { ...ada, firstName: '' },
      { ...ada, login: 'ADA@example.com' },
    ];
    expect(checkAll(rows, { settled: [1] }).map(codes)).toEqual([[], ['login-repeated']]);
  });

  it('still counts for duplicates of unique values', () => {
    const badge = { type: 'string', unique: 'UNIQUE_VALIDATED' } as const;
    const schema = orgSchema({ badge });
    const rows = ['ada', 'bo'].map((name) => ({ ...ada, login: `${name}@example.com`, badge: '7' }));
    expect(checkAll(rows, { schema, settled: [1] }).map(codes)).toEqual([[], ['value-repeated']]);
  });
});

describe('an email that two rows share', () => {
  /** As live schemas have it, although orgs accept a shared email unless they were set up not to. */
  const unique = { type: 'string', format: 'email', unique: 'UNIQUE_VALIDATED' } as const;
  const schema = orgSchema(
    {},
    { email: unique, secondEmail: unique, login: { type: 'string', unique: 'UNIQUE_VALIDATED' } },
  );
  const rows = [
    { ...ada, secondEmail: 'family@example.com' },
    { ...ada, login: 'bo@example.com', email: 'Ada@example.com', secondEmail: 'family@example.com' },
  ];

  it('is a warning, not a problem', () => {
    expect(checkAll(rows, { schema }).map(codes)).toEqual([[], []]);
    expect(warningsOf(rows, { schema })).toMatchObject([
      [],
      [
        {
          code: 'value-shared',
          column: 'email',
          message: expect.stringContaining('is the same as on line 2'),
        },
        { code: 'value-shared', column: 'secondEmail' },
      ],
    ]);
  });

  it('is a warning offline, and when the first of the rows was settled by an earlier process', () => {
    expect(warningsOf(rows).map(codes)).toEqual([[], ['value-shared']]);
    expect(warningsOf(rows, { settled: [1] }).map(codes)).toEqual([[], ['value-shared']]);
  });

  it('is a warning whichever of the rows has it as its login', () => {
    expect(warningsOf(rows.toReversed(), { schema }).map(codes)).toEqual([
      [],
      ['value-shared', 'value-shared'],
    ]);
  });

  it('is no warning if the row with that login has another email', () => {
    const others = [
      { ...ada, email: 'countess@example.com' },
      { ...ada, login: 'bo@example.com' },
    ];
    expect(warningsOf(others, { schema }).map(codes)).toEqual([[], []]);
  });

  it('names the first line, also if that row repeats a login', () => {
    const bo = { ...ada, login: 'bo@example.com' };
    const cy = { ...ada, login: 'cy@example.com' };
    const named = { message: expect.stringContaining('is the same as on line 2') };
    expect(warningsOf([ada, bo, cy], { schema })).toMatchObject([[], [named], [named]]);
    const repeated = [{ ...ada, email: 'countess@example.com' }, ada, bo, cy];
    const later = { message: expect.stringContaining('is the same as on line 3') };
    expect(warningsOf(repeated, { schema })).toMatchObject([[], [], [later], [later]]);
  });

  it('is not mentioned when the rows have the same login', () => {
    const twice = [ada, ada];
    expect(checkAll(twice, { schema }).map(codes)).toEqual([[], ['login-repeated']]);
    expect(warningsOf(twice, { schema }).map(codes)).toEqual([[], []]);
  });
});

describe('a missing last name', () => {
  const { lastName: _, ...withoutLastName } = ada;

  it('is a problem offline, which says that the org may have made it optional', () => {
    expect(check({ lastName: '' })).toMatchObject([
      {
        code: 'required-missing',
        message: expect.stringContaining('required unless your org made it optional'),
      },
    ]);
  });

  it('is left to an org that does not show its schema', () => {
    expect(checkAll([withoutLastName, { ...ada, login: '' }], { canAskOrg: true }).map(codes)).toEqual([
      [],
      ['required-missing'],
    ]);
  });

  it('is a problem if the schema of the org requires it', () => {
    expect(check({ lastName: '' }, { schema: orgSchema({}) })).toMatchObject([
      { code: 'required-missing', message: 'lastName is required but empty.' },
    ]);
  });
});
