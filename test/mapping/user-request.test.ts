import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUserRequest } from '../../src/mapping/user-request.js';
import { mapped, mappingFile, mappingOf, row } from './build.js';

const ada = { login: 'ada@example.com', firstName: 'Ada', lastName: 'Byron', email: 'ada@example.com' };

describe("Okta's nine ways of creating a user", () => {
  it('without credentials', () => {
    expect(mapped(ada).request).toEqual({ profile: ada });
  });

  it('with a recovery question', () => {
    const cells = { ...ada, recoveryQuestion: 'First car?', recoveryAnswer: 'A green Mini' };
    expect(mapped(cells).request).toEqual({
      profile: ada,
      credentials: { recovery_question: { question: 'First car?', answer: 'A green Mini' } },
    });
  });

  it('with a password', () => {
    expect(mapped({ ...ada, password: 'Tr0ub4dor' }).request).toEqual({
      profile: ada,
      credentials: { password: { value: 'Tr0ub4dor' } },
    });
  });

  it('with an imported hashed password', () => {
    const cells = {
      ...ada,
      'credentials.password.hash.algorithm': 'SHA-256',
      'credentials.password.hash.salt': 'cGVwcGVy',
      'credentials.password.hash.saltOrder': 'PREFIX',
      'credentials.password.hash.value': 'pejce7eN8zx6g92yxCeoPFIZ3YsLxDINqkTtL7Qf9lg=',
    };
    expect(mapped(cells).request).toEqual({
      profile: ada,
      credentials: {
        password: {
          hash: {
            algorithm: 'SHA-256',
            salt: 'cGVwcGVy',
            saltOrder: 'PREFIX',
            value: 'pejce7eN8zx6g92yxCeoPFIZ3YsLxDINqkTtL7Qf9lg=',
          },
        },
      },
    });
  });

  it('with the password import inline hook', () => {
    expect(mapped({ ...ada, 'credentials.password.hook': 'default' }).request).toEqual({
      profile: ada,
      credentials: { password: { hook: { type: 'default' } } },
    });
  });

  it('with a password and a recovery question', () => {
    const cells = {
      ...ada,
      password: 'Tr0ub4dor',
      recoveryQuestion: 'First car?',
      recoveryAnswer: 'A green Mini',
    };
    expect(mapped(cells).request).toEqual({
      profile: ada,
      credentials: {
        password: { value: 'Tr0ub4dor' },
        recovery_question: { question: 'First car?', answer: 'A green Mini' },
      },
    });
  });

  it('with an authentication provider, whose name is its type unless the row has one', () => {
    expect(mapped({ ...ada, 'credentials.provider.type': 'federation' }).request).toEqual({
      profile: ada,
      credentials: { provider: { type: 'FEDERATION', name: 'FEDERATION' } },
    });
  });

  it('in groups, still by name or ID', () => {
    const { request, groups } = mapped({ ...ada, groups: 'Staff; Research, London;;Staff' });
    expect(request).toEqual({ profile: ada });
    expect(groups).toEqual(['Staff', 'Research, London']);
  });

  it('of a non-default user type, by name or ID', () => {
    const { request, type } = mapped({ ...ada, type: ' contractor ' });
    expect(request).toEqual({ profile: ada });
    expect(type).toBe('contractor');
  });
});

describe('cells', () => {
  it('are trimmed, including no-break spaces, and left out if empty', () => {
    const { request } = mapped({ ...ada, firstName: '\u00a0 Ada\t', title: ' \u00a0', city: '' });
    expect(request.profile).toEqual(ada);
  });

  it('of secrets are not trimmed', () => {
    const { request } = mapped({
      ...ada,
      password: ' Tr0ub4dor ',
      recoveryQuestion: ' Q? ',
      recoveryAnswer: ' A ',
    });
    expect(request.credentials).toEqual({
      password: { value: ' Tr0ub4dor ' },
      recovery_question: { question: 'Q?', answer: ' A ' },
    });
  });

  it('of secrets count as empty if they are only white space', () => {
    expect(mapped({ ...ada, password: '  ' }).request).toEqual({ profile: ada });
  });

  it('of generated and ignored columns are not used', () => {
    const { request } = mapped({ ...ada, _line: '7', Notes: 'x' }, { ignoreColumns: ['Notes'] });
    expect(request).toEqual({ profile: ada });
  });

  it('of the email are the login if there is no login column', () => {
    const { login, request } = mapped({ email: ' ada@example.com ' });
    expect(login).toBe('ada@example.com');
    expect(request.profile).toEqual({ login: 'ada@example.com', email: 'ada@example.com' });
  });

  it('of the email are not the login if the login column is empty', () => {
    expect(mapped({ ...ada, login: '' })).toMatchObject({ login: undefined });
  });

  it('may contain the name of an object property', () => {
    expect(mapped({ ...ada, title: '__proto__' }).request.profile['title']).toBe('__proto__');
  });
});

describe('the groups and type for every row', () => {
  const defaults = { groups: ['All staff', 'Staff'], type: 'employee' };

  it('are added to those of the row, without repeats', () => {
    expect(mapped({ ...ada, groups: 'Staff' }, { defaults }).groups).toEqual(['Staff', 'All staff']);
  });

  it('are used for a row without its own', () => {
    expect(mapped({ ...ada, type: '' }, { defaults })).toMatchObject({
      type: 'employee',
      groups: defaults.groups,
    });
  });

  it('do not replace the type of the row', () => {
    expect(mapped({ ...ada, type: 'contractor' }, { defaults }).type).toBe('contractor');
  });
});

describe('a failed.csv', () => {
  const header = ['login', 'firstName', 'mobilePhone', 'password', '_line', '_error'];

  it('is read without the apostrophes that escape formulas', () => {
    const cells = ['ada@example.com', "'@da", "'+49 170 1", "''=x", '2', "'-"];
    expect(toUserRequest(row(cells), mappingOf(header)).request).toEqual({
      profile: { login: 'ada@example.com', firstName: '@da', mobilePhone: '+49 170 1' },
      credentials: { password: { value: "'=x" } },
    });
  });

  it('and no other file is read without apostrophes', () => {
    const { request } = mapped({ login: 'ada@example.com', mobilePhone: "'+49 170 1" });
    expect(request.profile['mobilePhone']).toBe("'+49 170 1");
  });

  it('has a problem for each secret that is still redacted, like any file', () => {
    const cells = { ...ada, password: '[redacted]', recoveryQuestion: 'Q?', recoveryAnswer: '[redacted]' };
    expect(mapped(cells).problems).toMatchObject([
      { code: 'secret-redacted', column: 'password' },
      { code: 'secret-redacted', column: 'recoveryAnswer' },
    ]);
  });

  it.each(['****', '•••••••'])('are not the characters behind which an export hides them: %s', (password) => {
    expect(mapped({ login: 'ada@example.com', password }).problems).toMatchObject([
      { code: 'secret-redacted', column: 'password' },
    ]);
  });
});

describe('cells of the wrong type', () => {
  it('are all reported, with column, value and correction', () => {
    const { problems, request } = mapped({ ...ada, Remote: 'perhaps', grade: '3.5', Score: '1,5' });
    expect(request.profile).toEqual(ada);
    expect(problems).toEqual([
      {
        code: 'not-a-boolean',
        column: 'Remote',
        message: 'remote must be true or false, not "perhaps".',
      },
      {
        code: 'not-an-integer',
        column: 'grade',
        message: 'grade must be a whole number, not "3.5".',
      },
      {
        code: 'not-a-number',
        column: 'Score',
        message: 'score must be a number, not "1,5". Write it with a decimal point, such as 1234.5.',
      },
    ]);
  });
});

describe('credentials in a mapping file', () => {
  const people = { mail: 'ada@example.com', given: 'Ada', family: 'Byron' };
  const profile = ada;

  it('use the constants of a hash only for rows with a hash', () => {
    const options = { mappingFile: mappingFile('bcrypt-hash.yaml') };
    const salt = 'N9qo8uLOickgx2ZMRZoMye';
    const value = 'gKzwLSFImn53JoPgteSHYpkmiwMtnL2';
    expect(mapped({ ...people, digest: value, salt }, options).request).toEqual({
      profile,
      credentials: { password: { hash: { algorithm: 'BCRYPT', workFactor: 10, salt, value } } },
    });
    expect(mapped({ ...people, digest: '', salt: '' }, options).request).toEqual({ profile });
  });

  it('set the provider or the hook in every row', () => {
    expect(mapped(people, { mappingFile: mappingFile('federated.yaml') }).request.credentials).toEqual({
      provider: { type: 'FEDERATION', name: 'FEDERATION' },
    });
    expect(mapped(people, { mappingFile: mappingFile('password-hook.yaml') }).request.credentials).toEqual({
      password: { hook: { type: 'default' } },
    });
  });
});

it('a user request never contains an empty text', () => {
  const header = ['login', 'firstName', 'title', 'skills', 'recoveryQuestion', 'groups', 'type'];
  const mapping = mappingOf(header);
  const cell = fc.oneof(fc.string(), fc.constantFrom('', ' ', ';', '; ;', '\u00a0'));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 7, maxLength: 7 }), (cells) => {
      const { request, groups } = toUserRequest(row(cells), mapping);
      const values = [
        ...Object.values(request.profile).flat(),
        ...groups,
        request.credentials?.recovery_question?.question,
      ];
      expect(values.filter((value) => value === '')).toEqual([]);
    }),
  );
});
