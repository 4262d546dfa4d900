import { createReadStream, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/csv/read-csv.js';
import { presetFor, presetNames, readPreset, UnknownPresetError } from '../../src/mapping/presets.js';
import { toUserRequest } from '../../src/mapping/user-request.js';
import { createRowValidator } from '../../src/validation/validate-row.js';
import { baseSchema } from '../../src/validation/user-schema.js';
import { offlineMappingOf } from './build.js';

/** The rows of an export in `fixtures/exports`, mapped by a preset without an org. */
async function usersOf(fixture: string, preset: string) {
  const { header, rows } = await readCsv(createReadStream(`fixtures/exports/${fixture}.csv`));
  const mapping = offlineMappingOf(header, { mappingFile: readPreset(preset) });
  const check = createRowValidator({
    schemaFor: () => baseSchema,
    activate: true,
    changePassword: false,
    columnOf: mapping.columnOf,
    isOrgSchema: false,
  });
  const users = [];
  for await (const row of rows) {
    const mapped = toUserRequest(row, mapping);
    users.push({ ...mapped.request, problems: check(mapped) });
  }
  return users;
}

const noor = {
  login: 'noor.haddad@example.com',
  email: 'noor.haddad@example.com',
  firstName: 'Noor',
  lastName: 'Haddad',
  title: 'Engineer',
};

describe('a preset', () => {
  it.each([
    ['okta', 'okta', { zipCode: '01067', countryCode: 'DE', locale: 'de_DE', employeeNumber: '000102' }],
    [
      'google',
      'google',
      { secondEmail: 'noor@example.net', mobilePhone: '+49 170 5550101', managerId: 'grace@example.com' },
    ],
    ['entra', 'entra', { displayName: 'Noor Haddad', countryCode: 'DE', zipCode: '01067' }],
    ['entra-download', 'entra', { displayName: 'Noor Haddad', userType: 'Member', organization: 'Example' }],
    ['bamboohr', 'bamboohr', { employeeNumber: '000102', manager: 'Grace Hopper', nickName: 'Noor' }],
    [
      'workday',
      'workday',
      { department: 'Engineering (Grace Hopper)', costCenter: 'EMEA-1', managerId: '000007' },
    ],
  ])('reads the export %s with preset:%s', async (fixture, preset, profile) => {
    const [user] = await usersOf(fixture, preset);
    expect(user).toMatchObject({ profile: { ...noor, ...profile }, problems: [] });
  });

  it('sends initial passwords from Entra, but not the asterisks of a Google download', async () => {
    const [[entra], [google]] = await Promise.all([usersOf('entra', 'entra'), usersOf('google', 'google')]);
    expect(entra?.credentials).toEqual({ password: { value: 'Tr0ub4dor-1' } });
    expect(google?.credentials).toBeUndefined();
  });

  it('uses the user name for Entra users without a mailbox', async () => {
    const users = await usersOf('entra-download', 'entra');
    expect(users.map(({ profile }) => profile['email'])).toEqual([
      'noor.haddad@example.com',
      'grace.hopper@example.com',
    ]);
  });

  it('is every file of its folder, and does not need all of its columns', () => {
    const files = readdirSync('src/mapping/presets').map((file) => file.replace(/\.yaml$/, ''));
    expect(files.toSorted()).toEqual(presetNames.toSorted());
    expect(presetNames.filter((name) => !readPreset(name).isOptional)).toEqual([]);
  });

  it.each(presetNames)('%s also reads an export with two columns', (name) => {
    const { fields } = readPreset(name);
    const columns = ['login', 'firstName'].map((attribute) => {
      const source = fields.find(({ path }) => path === `profile.${attribute}`)?.source;
      return source?.kind === 'column' ? source.column : '';
    });
    const mapping = offlineMappingOf(columns, { mappingFile: readPreset(name) });
    expect(mapping.columnOf('login')).toBe(columns[0]);
  });

  it('reports unknown columns, and leaves out ignored ones', () => {
    const header = ['Email Address [Required]', 'Department', 'Shoe size'];
    const mappingFile = readPreset('google');
    expect(() => offlineMappingOf(header, { mappingFile })).toThrow('Unknown column "Shoe size".');
    const mapping = offlineMappingOf(header, { mappingFile, ignoreColumns: ['Shoe size', 'Department'] });
    expect(mapping.columnOf('department')).toBeUndefined();
  });

  it('with an unknown name is an error with a suggestion', () => {
    expect(() => readPreset('gogle')).toThrow(UnknownPresetError);
    expect(() => readPreset('gogle')).toThrow('Unknown preset "gogle". Did you mean "google"?');
  });

  it('is recognized by the columns of its export', () => {
    expect(presetFor(['First Name [Required]', 'Last Name [Required]', 'Email Address [Required]'])).toBe(
      'google',
    );
    expect(presetFor(['Mail', 'Vorname'])).toBeUndefined();
  });
});
