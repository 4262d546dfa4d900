import { describe, expect, it } from 'vitest';

import { oktaError, testOrg } from './org.js';

const PASSWORD = { password: { value: 'Tr0ub4dor' } };
const RECOVERY = { recovery_question: { question: 'First car?', answer: 'A green Mini' } };
const HASH = {
  password: {
    hash: { algorithm: 'MD5', salt: 'cGVwcGVy', saltOrder: 'PREFIX', value: '3bn8brfekS0UWg9znVNl2A==' },
  },
};
const HOOK = { password: { hook: { type: 'default' } } };
const FEDERATION = { provider: { type: 'FEDERATION', name: 'FEDERATION' } };
const SOCIAL = { provider: { type: 'SOCIAL', name: 'SOCIAL' } };

/** A timestamp in whole seconds. */
const SET: unknown = expect.stringMatching(/\.000Z$/);

describe('creating a user', () => {
  it("returns 200 and Okta's body, in Okta's order of keys", async () => {
    const { okta, create } = await testOrg({ now: () => Date.parse('2026-03-02T11:40:50.123Z') });
    const response = await create();
    const id = okta.findUser('ada@example.com')?.id ?? '';
    const href = `${okta.url}/api/v1/users/${id}`;
    const [type] = [okta.findUser('ada@example.com')?.type.id];

    expect(response.status).toBe(200);
    expect(id).toMatch(/^00u\w{17}$/);
    expect(Object.keys(response.body)).toEqual(
      'id,status,created,activated,statusChanged,lastLogin,lastUpdated,passwordChanged,type,profile,credentials,_links'.split(
        ',',
      ),
    );
    expect(response.body).toEqual({
      id,
      status: 'PROVISIONED',
      created: '2026-03-02T11:40:50.000Z',
      activated: '2026-03-02T11:40:50.000Z',
      statusChanged: '2026-03-02T11:40:50.000Z',
      lastLogin: null,
      lastUpdated: '2026-03-02T11:40:50.000Z',
      passwordChanged: null,
      type: { id: type },
      profile: {
        firstName: 'Ada',
        lastName: 'Byron',
        mobilePhone: null,
        secondEmail: null,
        login: 'ada@example.com',
        email: 'ada@example.com',
      },
      credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
      _links: {
        suspend: { href: `${href}/lifecycle/suspend`, method: 'POST' },
        resetPassword: { href: `${href}/lifecycle/reset_password`, method: 'POST' },
        reactivate: { href: `${href}/lifecycle/reactivate`, method: 'POST' },
        deactivate: { href: `${href}/lifecycle/deactivate`, method: 'POST' },
        resetFactors: { href: `${href}/lifecycle/reset_factors`, method: 'POST' },
        schema: { href: expect.stringMatching(/\/api\/v1\/meta\/schemas\/user\/osc\w{17}$/) },
        self: { href },
        type: { href: `${okta.url}/api/v1/meta/types/user/${type}` },
      },
    });
  });

  it.each([
    ['nothing', {}, '?activate=false', 'STAGED'],
    ['nothing', {}, '', 'PROVISIONED'],
    ['a recovery question', RECOVERY, '?activate=false', 'STAGED'],
    ['a recovery question', RECOVERY, '?activate=true', 'PROVISIONED'],
    ['a password', PASSWORD, '?activate=false', 'STAGED'],
    ['a password', PASSWORD, '?activate=true', 'ACTIVE'],
    ['a password to be changed', PASSWORD, '?activate=true&nextLogin=changePassword', 'PASSWORD_EXPIRED'],
    ['a password and a recovery question', { ...PASSWORD, ...RECOVERY }, '?activate=false', 'STAGED'],
    ['a password and a recovery question', { ...PASSWORD, ...RECOVERY }, '', 'ACTIVE'],
    ['an imported hash', HASH, '?activate=false', 'STAGED'],
    ['an imported hash', HASH, '', 'ACTIVE'],
    ['a password import hook', HOOK, '', 'ACTIVE'],
    ['an empty password', { password: {} }, '', 'PROVISIONED'],
    ['federation', FEDERATION, '?provider=true', 'ACTIVE'],
    ['federation', FEDERATION, '?provider=true&activate=false', 'STAGED'],
    ['a social provider', SOCIAL, '?provider=true', 'ACTIVE'],
  ])('with %s %j %s: %s', async (_name, credentials, query, status) => {
    const { create } = await testOrg();
    const response = await create({}, { credentials }, query);
    expect(response.status).toBe(200);
    expect(response.body.status).toBe(status);
  });

  it('makes users without a password ACTIVE in an org that requires none', async () => {
    const { create } = await testOrg({ orgOptions: { passwordOptional: true } });
    expect((await create()).body.status).toBe('ACTIVE');
  });

  it.each<[string, object, boolean, statusChanged: unknown, passwordChanged: unknown]>([
    ['without credentials', {}, false, null, null],
    ['with a recovery question only', RECOVERY, false, null, null],
    ['with a password', PASSWORD, false, SET, SET],
    ['with an imported hash', HASH, false, SET, SET],
    ['with a password, in a Classic org', PASSWORD, true, null, SET],
    ['with an imported hash, in a Classic org', HASH, true, null, SET],
  ])(
    'a STAGED user %s has these dates',
    async (_name, credentials, classicEngine, statusChanged, passwordChanged) => {
      const { create } = await testOrg({ orgOptions: { classicEngine } });
      const dates = { activated: null, statusChanged, passwordChanged };
      expect((await create({}, { credentials }, '?activate=false')).body).toMatchObject(dates);
    },
  );

  it.each([
    [PASSWORD, { password: {}, provider: { type: 'OKTA', name: 'OKTA' } }, ''],
    [HASH, { password: {}, provider: { type: 'IMPORT', name: 'IMPORT' } }, ''],
    [HOOK, { password: {}, provider: { type: 'IMPORT', name: 'IMPORT' } }, ''],
    [
      RECOVERY,
      { recovery_question: { question: 'First car?' }, provider: { type: 'OKTA', name: 'OKTA' } },
      '',
    ],
    [FEDERATION, { provider: { type: 'FEDERATION', name: 'FEDERATION' } }, '?provider=true'],
  ])('never returns a secret: %j', async (credentials, shown, query) => {
    const { create } = await testOrg();
    expect((await create({}, { credentials }, query)).body.credentials).toEqual(shown);
  });

  it('adds the user to up to 20 groups and Everyone', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `Team ${index}`);
    const { okta, request, create } = await testOrg({ seed: { groups: names.map((name) => ({ name })) } });
    const groups = await request<{ id: string; type: string }[]>(
      'GET',
      '/api/v1/groups?filter=type eq "OKTA_GROUP"',
    );

    const response = await create({}, { groupIds: groups.body.map((group) => group.id) });

    expect(response.status).toBe(200);
    expect(new Set(okta.groupsOf('ada@example.com'))).toEqual(new Set(names));
    const memberships = await request<unknown[]>('GET', `/api/v1/users/${response.body.id}/groups`);
    expect(memberships.body).toHaveLength(21);
    expect(memberships.headers.get('link')).toBe(
      `<${okta.url}/api/v1/users/${response.body.id}/groups?limit=200>; rel="self"`,
    );
  });

  it("assigns a non-default user type with that type's attributes", async () => {
    const { request, create } = await testOrg({
      seed: {
        userTypes: [{ name: 'student', displayName: 'Student', attributes: { term: { type: 'integer' } } }],
      },
    });
    const [, student] = (await request<{ id: string }[]>('GET', '/api/v1/meta/types/user')).body;

    expect((await create({ term: 3 })).status).toBe(400);
    const response = await create({ term: 3 }, { type: { id: student?.id } });
    expect(response.body).toMatchObject({ type: { id: student?.id }, profile: { term: 3 } });
  });
});

describe('a create is rejected for', () => {
  it.each([
    ['nextLogin without a password', {}, '?nextLogin=changePassword', 'E0000124'],
    [
      'nextLogin without activation',
      { credentials: PASSWORD },
      '?nextLogin=changePassword&activate=false',
      'E0000125',
    ],
    ['a nextLogin of another name', { credentials: PASSWORD }, '?nextLogin=never', 'E0000037'],
    ['an activate that is no boolean', {}, '?activate=maybe', 'E0000037'],
    ['a provider without provider=true', { credentials: FEDERATION }, '', 'E0000063'],
    ['provider=true without a provider', {}, '?provider=true', 'E0000063'],
    [
      'a provider and a password',
      { credentials: { ...FEDERATION, ...PASSWORD } },
      '?provider=true',
      'E0000001',
    ],
    [
      'a provider and a recovery question',
      { credentials: { ...FEDERATION, ...RECOVERY } },
      '?provider=true',
      'E0000001',
    ],
    [
      'a directory as provider',
      { credentials: { provider: { type: 'LDAP', name: 'corp' } } },
      '?provider=true',
      'E0000001',
    ],
    [
      'two kinds of password',
      { credentials: { password: { value: 'Tr0ub4dor', hook: { type: 'default' } } } },
      '',
      'E0000001',
    ],
    ['a hook of another type', { credentials: { password: { hook: { type: 'mine' } } } }, '', 'E0000001'],
    [
      'a question without an answer',
      { credentials: { recovery_question: { question: 'First car?' } } },
      '',
      'E0000001',
    ],
    [
      'an answer without a question',
      { credentials: { recovery_question: { answer: 'Mini' } } },
      '',
      'E0000001',
    ],
    ['groupIds that are no array', { groupIds: 'all' }, '', 'E0000003'],
    ['credentials that are no object', { credentials: 'secret' }, '', 'E0000003'],
    ['a profile that is no object', { profile: [] }, '', 'E0000003'],
  ])('%s', async (_name, rest, query, errorCode) => {
    const { okta, create } = await testOrg();
    expect((await create({}, rest, query)).body).toMatchObject({ errorCode });
    expect(okta.users()).toEqual([]);
  });

  it('more than 20 groups', async () => {
    const { create } = await testOrg();
    const response = await create({}, { groupIds: Array.from({ length: 21 }, (_, index) => `00g${index}`) });
    expect(response).toMatchObject({
      status: 400,
      body: oktaError('E0000093', 'Target count limit exceeded', [
        'The number of group targets is too large',
      ]),
    });
  });

  it('the group Everyone: 501', async () => {
    const { request, create } = await testOrg();
    const [everyone] = (await request<{ id: string }[]>('GET', '/api/v1/groups')).body;
    const response = await create({}, { groupIds: [everyone?.id] });
    expect(response).toMatchObject({ status: 501, body: oktaError('E0000060', 'Unsupported operation.') });
  });

  it('an unknown group: 404, and no user is created', async () => {
    const { okta, create } = await testOrg();
    const response = await create({}, { groupIds: ['00gNobody'] });
    expect(response).toMatchObject({
      status: 404,
      body: oktaError('E0000007', 'Not found: Resource not found: 00gNobody (UserGroup)'),
    });
    expect(okta.users()).toEqual([]);
  });

  it.each(['ada@example.com', 'ADA@Example.COM', 'àdá@example.com'])(
    'a login that already exists: %s',
    async (login) => {
      const { okta, create } = await testOrg();
      await create();
      expect(await create({ login })).toMatchObject({
        status: 400,
        body: oktaError('E0000001', 'Api validation failed: login', [
          'login: An object with this field already exists in the current organization',
        ]),
      });
      expect(okta.ledger.createsOfTakenLogins).toEqual([login]);
      expect(okta.ledger.createsSent('ada@example.com')).toBe(2);
    },
  );

  it('the login of a deactivated user, but not that of a deleted one', async () => {
    const { request, create } = await testOrg();
    const { id } = (await create()).body;
    await request('DELETE', `/api/v1/users/${id}`);
    expect((await create()).status).toBe(400);
    await request('DELETE', `/api/v1/users/${id}`);
    expect((await create()).status).toBe(200);
  });

  it('a duplicate email address, reported as a login, in orgs that keep them unique', async () => {
    const lenient = await testOrg();
    const strict = await testOrg({ orgOptions: { uniqueEmail: true } });
    for (const org of [lenient, strict]) await org.create();
    expect((await lenient.create({ login: 'countess@example.com' })).status).toBe(200);
    expect((await strict.create({ login: 'countess@example.com' })).body).toMatchObject({
      errorSummary: 'Api validation failed: login',
    });
  });

  it('exceeding the limit of active users; staged users do not count', async () => {
    const { create } = await testOrg({ orgOptions: { maxActiveUsers: 2 } });
    expect((await create({ login: 'one@example.com' })).status).toBe(200);
    expect((await create({ login: 'two@example.com' })).status).toBe(400);
    expect((await create({ login: 'two@example.com' }, {}, '?activate=false')).status).toBe(200);
  });
});
