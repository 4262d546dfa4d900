import { describe, expect, it } from 'vitest';
import { baseSchema } from '../../src/validation/user-schema.js';
import { mappingOf, offlineMappingOf } from './build.js';

/** The path that a column feeds in a file that also has a login. */
function fedBy(column: string): string | undefined {
  const mapping = mappingOf(['login', column]);
  const paths = [
    ...Object.keys(baseSchema.attributes).map((name) => `profile.${name}`),
    ...['badgeNumber', 'shirtSize', 'skills', 'startDate'].map((name) => `profile.${name}`),
    'credentials.password.value',
    'credentials.password.hash.salt',
    'credentials.password.hook.type',
    'credentials.recovery_question.question',
    'credentials.recovery_question.answer',
    'credentials.provider.type',
    'groupIds',
    'type.id',
  ];
  return paths.find((path) => mapping.columnOf(path) === column);
}

describe('a header row without a mapping file', () => {
  it.each([
    ['First Name', 'profile.firstName'],
    ['first_name', 'profile.firstName'],
    ['GIVEN-NAME', 'profile.firstName'],
    ['FIRSTNAME', 'profile.firstName'],
    ['Surname', 'profile.lastName'],
    ['last.name', 'profile.lastName'],
    ['E-mail', 'profile.email'],
    ['Work email', 'profile.email'],
    ['Primary email', 'profile.email'],
    ['Secondary email', 'profile.secondEmail'],
    ['Mobile phone', 'profile.mobilePhone'],
    ['Cell phone', 'profile.mobilePhone'],
    ['Job title', 'profile.title'],
    ['Employee ID', 'profile.employeeNumber'],
    ['Dept', 'profile.department'],
    ['Zip code', 'profile.zipCode'],
    ['Postal code', 'profile.zipCode'],
    ['Language', 'profile.preferredLanguage'],
    ['Time zone', 'profile.timezone'],
    ['Manager ID', 'profile.managerId'],
    ['userType', 'profile.userType'],
    ['User type', 'profile.userType'],
    ['Badge', 'profile.badgeNumber'],
    ['shirtSize', 'profile.shirtSize'],
    ['Shirt', 'profile.shirtSize'],
    ['start_date', 'profile.startDate'],
  ])('recognizes %s as %s', (column, path) => {
    expect(fedBy(column)).toBe(path);
  });

  it.each([
    ['password', 'credentials.password.value'],
    ['Recovery question', 'credentials.recovery_question.question'],
    ['recoveryAnswer', 'credentials.recovery_question.answer'],
    ['Groups', 'groupIds'],
    ['groupIds', 'groupIds'],
    ['type', 'type.id'],
    ['type.id', 'type.id'],
    ['profile.title', 'profile.title'],
    ['credentials.password.hash.salt', 'credentials.password.hash.salt'],
    ['credentials.password.hook', 'credentials.password.hook.type'],
    ['credentials.provider.type', 'credentials.provider.type'],
  ])('recognizes the field %s as %s', (column, path) => {
    expect(fedBy(column)).toBe(path);
  });

  it('recognizes every base attribute by its name, its title and its name in snake case', () => {
    for (const [name, { title = name }] of Object.entries(baseSchema.attributes)) {
      const snakeCase = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      for (const column of [name, title, snakeCase].filter(
        (spelling) => spelling.toLowerCase() !== 'login',
      )) {
        const mapping = name === 'login' ? mappingOf([column]) : mappingOf(['login', column]);
        expect([name, mapping.columnOf(name)]).toEqual([name, column]);
      }
    }
  });

  it('accepts an unknown attribute offline, if it is a path', () => {
    expect(offlineMappingOf(['login', 'profile.shoeSize']).columnOf('profile.shoeSize')).toBe(
      'profile.shoeSize',
    );
  });

  it('corrects the case of a known attribute in a path', () => {
    expect(offlineMappingOf(['login', 'profile.Title']).columnOf('title')).toBe('profile.Title');
  });

  it('finds a column by the name of the field in error causes', () => {
    const mapping = mappingOf(['Username', 'Initial password', 'password'], {
      ignoreColumns: ['Initial password'],
    });
    expect([mapping.columnOf('login'), mapping.columnOf('password')]).toEqual(['Username', 'password']);
  });

  it('uses the email as login if there is no login column', () => {
    expect(mappingOf(['Work email']).columnOf('login')).toBe('Work email');
  });
});

describe('columns with secrets', () => {
  it('are those that feed password, hash, salt and recovery answer', () => {
    const header = [
      'login',
      'password',
      'recoveryQuestion',
      'recoveryAnswer',
      'credentials.password.hash.salt',
    ];
    expect([...mappingOf(header).secretColumns].toSorted((a, b) => a - b)).toEqual([1, 3, 4]);
  });

  it('include ignored columns that look like secrets, since reports would show them', () => {
    expect([
      ...mappingOf(['login', 'Old Password'], { ignoreColumns: ['Old Password'] }).secretColumns,
    ]).toEqual([1]);
  });
});
