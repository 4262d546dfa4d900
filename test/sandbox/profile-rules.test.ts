import { describe, expect, it } from 'vitest';

import type { Profile } from '../../src/okta/types.js';
import type { SandboxSeed } from '../../src/sandbox/seed.js';
import { oktaError, testOrg } from './org.js';

const CUSTOM: SandboxSeed = {
  attributes: {
    badgeNumber: { title: 'Badge', type: 'string', unique: true, minLength: 4, maxLength: 11 },
    shirtSize: { title: 'Shirt', type: 'string', enum: ['S', 'M', 'L'] },
    skills: { title: 'Skills', type: 'array', items: { type: 'string' } },
    levels: { title: 'Levels', type: 'array', items: { type: 'integer', enum: [1, 2] } },
    remote: { title: 'Remote', type: 'boolean' },
    level: { title: 'Level', type: 'integer', minimum: 1 },
    fte: { title: 'FTE', type: 'number' },
    site: { title: 'Site', type: 'string', required: true, default: 'HQ' },
    badgedAt: { title: 'Badged at', type: 'string', format: 'date-time' },
    legacyId: { title: 'Legacy id', type: 'string', mutability: 'READ_ONLY' },
  },
};

describe('the base profile', () => {
  it('reports all problems at once: login, firstName, lastName, email, then formats', async () => {
    const { request } = await testOrg();
    const response = await request('POST', '/api/v1/users', { body: { profile: { countryCode: 'XX' } } });
    expect(response).toMatchObject({
      status: 400,
      body: oktaError('E0000001', 'Api validation failed: login', [
        'login: The field cannot be left blank',
        'firstName: The field cannot be left blank',
        'lastName: The field cannot be left blank',
        'email: The field cannot be left blank',
        'login: Username must be in the form of an email address',
        "For property 'countryCode', string value of XX is not a valid ISO 3166-1 alpha-2 country code",
      ]),
    });
  });

  it("reports an unknown attribute with Okta's subject: newUser", async () => {
    const { create } = await testOrg();
    expect((await create({ foo: 'bar' })).body).toMatchObject(
      oktaError('E0000001', 'Api validation failed: newUser', [
        "Property name 'foo' is not defined in profile",
      ]),
    );
  });

  it.each<[string, Profile, string]>([
    ['names are case-sensitive', { FirstName: 'Ada' }, "Property name 'FirstName' is not defined in profile"],
    [
      'a name that every JavaScript object has',
      { toString: 'x' },
      "Property name 'toString' is not defined in profile",
    ],
    ['blanks are blank', { firstName: '  ' }, 'firstName: The field cannot be left blank'],
    ['null is blank', { lastName: null }, 'lastName: The field cannot be left blank'],
    [
      'a first name of 51 characters',
      { firstName: 'x'.repeat(51) },
      'firstName: The field must be at most 50 characters long',
    ],
    [
      'a login that is not an email address',
      { login: 'ada.byron' },
      'login: Username must be in the form of an email address',
    ],
    [
      'a login of 101 characters',
      { login: `${'a'.repeat(89)}@example.com` },
      'login: The field must be at most 100 characters long',
    ],
    ['an invalid email address', { email: 'ada at home' }, 'email: Does not match required pattern'],
    [
      'an invalid secondary email address',
      { secondEmail: 'ada.byron@' },
      'secondEmail: Does not match required pattern',
    ],
    [
      'a phone of 101 characters',
      { mobilePhone: '1'.repeat(101) },
      'mobilePhone: The field must be at most 100 characters long',
    ],
    [
      'an invalid language',
      { preferredLanguage: 'english please' },
      "For property 'preferredLanguage', string value of english please is not a valid language priority list from RFC 7231 Section 5.3.5",
    ],
    [
      'a locale with a hyphen',
      { locale: 'en-US' },
      "For property 'locale', string value of en-US is not a valid locale",
    ],
    [
      'an unknown time zone',
      { timezone: 'Mars/Olympus' },
      "For property 'timezone', string value of Mars/Olympus is not a valid IANA time zone",
    ],
    [
      'an invalid URL',
      { profileUrl: 'example.com' },
      "For property 'profileUrl', string value of example.com is not a valid URI",
    ],
    [
      'a number instead of a string',
      { employeeNumber: 42 },
      'employeeNumber: The value must be of type string',
    ],
    [
      'a character beyond the BMP',
      { displayName: 'Ada 🦄' },
      'displayName: The field contains characters that are not supported',
    ],
  ])('rejects %s', async (_name, profile, cause) => {
    const { create } = await testOrg();
    const response = await create(profile);
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ errorCode: 'E0000001', errorCauses: [{ errorSummary: cause }] });
  });

  it.each<[string, Profile]>([
    ['every script of the basic plane', { firstName: '美咲', lastName: 'Жуковский', displayName: 'محمد' }],
    ['an international login', { login: 'gül@exämple.com' }],
    ['a plus address', { login: 'ada+test@example.com' }],
    ['a null on an optional attribute', { postalAddress: null }],
    ['an empty second address', { secondEmail: '' }],
    ['a language list', { preferredLanguage: 'fr-CH, fr;q=0.9, en;q=0.8' }],
    ['a locale and a time zone', { locale: 'en_US', timezone: 'Europe/Madrid' }],
  ])('accepts %s', async (_name, profile) => {
    const { create } = await testOrg();
    expect(await create(profile)).toMatchObject({ status: 200, body: {} });
  });

  it('contains optional attributes only when they are set', async () => {
    const { create } = await testOrg();
    const { profile } = (await create({ postalAddress: null, secondEmail: '', title: 'Countess' })).body;
    expect(Object.keys(profile).toSorted()).toEqual([
      'email',
      'firstName',
      'lastName',
      'login',
      'mobilePhone',
      'secondEmail',
      'title',
    ]);
    expect(profile['secondEmail']).toBe('');
  });

  it('checks the stored login at every update, also when the update is about something else', async () => {
    const { request, create } = await testOrg();
    await create();
    const setPattern = { definitions: { base: { properties: { login: { pattern: '[a-z]+' } } } } };
    await request('POST', '/api/v1/meta/schemas/user/default', { body: setPattern });
    const body = { profile: { title: 'Countess' } };
    expect((await request('POST', '/api/v1/users/ada@example.com', { body })).body).toMatchObject(
      oktaError('E0000001', 'Api validation failed: login', ['Login: Does not match required pattern']),
    );
  });

  it('needs no last name in an org that made it optional', async () => {
    const { create } = await testOrg({ orgOptions: { nullableLastName: true } });
    expect((await create({ lastName: null })).body.profile).toMatchObject({ lastName: null });
  });

  it.each([
    ['.+', 'ada', 200],
    ['.+', 'x', 200],
    [String.raw`[a-z0-9\.]+`, 'ada.byron', 200],
    [String.raw`[a-z0-9\.]+`, 'ada@example.com', 400],
  ])("checks logins against the org's pattern: %s, %s", async (loginPattern, login, status) => {
    const { create } = await testOrg({ orgOptions: { loginPattern } });
    expect((await create({ login })).status).toBe(status);
  });
});

describe('custom attributes', () => {
  it.each<[Profile, number]>([
    [
      {
        badgeNumber: 'B-100',
        shirtSize: 'M',
        skills: ['SQL'],
        remote: true,
        level: 3,
        fte: 0.5,
        levels: [1, 2],
      },
      200,
    ],
    [{ badgeNumber: 'B' }, 400],
    [{ badgeNumber: 100_000 }, 400],
    [{ shirtSize: 'XXL' }, 400],
    [{ skills: 'SQL' }, 400],
    [{ levels: ['1'] }, 400],
    [{ levels: [3] }, 400],
    [{ remote: 'true' }, 400],
    [{ level: 1.5 }, 400],
    [{ level: 0 }, 400],
    [{ level: 2_147_483_648 }, 400],
    [{ fte: '0.5' }, 400],
    [{ badgedAt: '2026-03-02' }, 400],
    [{ badgedAt: '2026-02-30T10:00:00Z' }, 400],
    [{ badgedAt: '2026-03-02T10:00:00.000Z' }, 200],
  ])('%j: %i', async (profile, status) => {
    const { create } = await testOrg({ seed: CUSTOM });
    expect((await create(profile)).status).toBe(status);
  });

  it('get their default value when they are not sent', async () => {
    const { create } = await testOrg({ seed: CUSTOM });
    expect((await create()).body.profile['site']).toBe('HQ');
  });

  it('keep unique values unique until their user is deleted', async () => {
    const { request, create } = await testOrg({ seed: CUSTOM });
    const first = await create({ badgeNumber: 'B-100' });
    const again = (): ReturnType<typeof create> => create({ login: 'b@example.com', badgeNumber: 'B-100' });
    expect((await again()).body).toMatchObject({ errorSummary: 'Api validation failed: badgeNumber' });
    await request('DELETE', `/api/v1/users/${first.body.id}`);
    await request('DELETE', `/api/v1/users/${first.body.id}`);
    expect((await again()).status).toBe(200);
  });

  it('cannot be set when they are read-only', async () => {
    const { create } = await testOrg({ seed: CUSTOM });
    expect(await create({ legacyId: '1' })).toMatchObject({
      status: 403,
      body: oktaError('E0000077', 'Cannot modify the legacyId attribute because it is read-only.'),
    });
  });
});
