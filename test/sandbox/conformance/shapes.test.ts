import { describe } from 'vitest';

import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { ADA } from '../org.js';
import { itHolds, type Ask, type Fact } from './facts.js';

const PASSWORD = { credentials: { password: { value: 'Tr0ub4dor-7' } } };
const HASH = {
  credentials: {
    password: { hash: { algorithm: 'MD5', value: 'GiQwhxmfLrCoF0wDwxyoRA==' } },
  },
};
const SCHEMA = '/api/v1/meta/schemas/user/default';
const IN_SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/;

const user = (rest: object = {}, query = ''): Ask => [
  'POST',
  `/api/v1/users${query}`,
  { profile: ADA, ...rest },
];
const lifecycle = (verb: string): Ask => ['POST', `/api/v1/users/{ada}/lifecycle/${verb}`];
const group = (profile: object): Ask => [
  'POST',
  '/api/v1/groups',
  { profile: { name: 'Sales', ...profile } },
];
const links = (...names: readonly string[]): string[] => names.map((name) => `_links.${name}.href`);
const changeSchema = (definitions: object): Ask => ['POST', SCHEMA, { definitions }];

/** The links of a user in every status, besides `resetFactors`, `schema`, `self` and `type`. */
const OF_ACTIVE = [
  'changePassword',
  'changeRecoveryQuestion',
  'deactivate',
  'expirePassword',
  'forgotPassword',
  'resetPassword',
  'suspend',
];
const LINKS: readonly (readonly [status: string, given: Readonly<Record<string, Ask>>, links: string[]])[] = [
  ['STAGED', { ada: user({}, '?activate=false') }, ['activate']],
  ['PROVISIONED', { ada: user() }, ['deactivate', 'reactivate', 'resetPassword', 'suspend']],
  ['ACTIVE', { ada: user(PASSWORD) }, OF_ACTIVE],
  ['PASSWORD_EXPIRED', { ada: user(PASSWORD), expired: lifecycle('expire_password') }, OF_ACTIVE],
  ['SUSPENDED', { ada: user(PASSWORD), suspended: lifecycle('suspend') }, ['deactivate', 'unsuspend']],
  ['DEPROVISIONED', { ada: user(), gone: lifecycle('deactivate') }, ['activate', 'delete']],
];
const ALL_LINKS = [...new Set(LINKS.flatMap(([, , names]) => names))];

describe('the links of a user', () => {
  itHolds(
    LINKS.map(([status, given, names]): Fact => {
      const others = ALL_LINKS.filter((name) => !names.includes(name)).map((name) => `_links.${name}`);
      return {
        fact: `${status}: ${names.join(', ')}`,
        given,
        ask: ['GET', '/api/v1/users/{ada}'],
        answer: {
          status: 200,
          keys: links(...names, 'resetFactors', 'schema', 'self', 'type'),
          lacks: others,
          values: { status },
        },
      };
    }),
  );
});

describe('the dates of a STAGED user', () => {
  const staged = (what: string, rest: object, values: object, options: SandboxOptions = {}): Fact => ({
    fact: what,
    options,
    ask: user(rest, '?activate=false'),
    answer: { status: 200, values: { status: 'STAGED', activated: null, created: IN_SECONDS, ...values } },
  });
  const set = { passwordChanged: IN_SECONDS, statusChanged: IN_SECONDS };
  const classic = { orgOptions: { classicEngine: true } };
  itHolds([
    staged('none without a password', {}, { passwordChanged: null, statusChanged: null }),
    staged('both with a password', PASSWORD, set),
    staged('both with an imported hash', HASH, set),
    staged('only passwordChanged in a Classic org', PASSWORD, { ...set, statusChanged: null }, classic),
    staged(
      'only passwordChanged with a hash in a Classic org',
      HASH,
      { ...set, statusChanged: null },
      classic,
    ),
  ]);
});

describe('the lifecycle', () => {
  const token = { activationUrl: /^http/, activationToken: /^\S{10}/ };
  const body = (what: string, given: Readonly<Record<string, Ask>>, ask: Ask, values: object): Fact => ({
    fact: `${what} ${JSON.stringify(values) === '{}' ? 'returns {}' : 'returns the link'}`,
    given,
    ask,
    answer: {
      status: 200,
      values: { ...values },
      ...(Object.keys(values).length === 0 ? { lacks: Object.keys(token) } : {}),
    },
  });
  const staged = { ada: user({}, '?activate=false') };
  const active = { ada: user(PASSWORD) };
  itHolds([
    body('activate', staged, lifecycle('activate'), {}),
    body('activate?sendEmail=false', staged, lifecycle('activate?sendEmail=false'), token),
    body('reactivate?sendEmail=true', { ada: user() }, lifecycle('reactivate?sendEmail=true'), {}),
    body('reactivate', { ada: user() }, lifecycle('reactivate'), token),
    body('suspend', active, lifecycle('suspend'), {}),
    body('unsuspend', { ...active, suspended: lifecycle('suspend') }, lifecycle('unsuspend'), {}),
    body('deactivate', active, lifecycle('deactivate'), {}),
    {
      fact: 'unlock of a user who is not locked out names the cause',
      given: active,
      ask: lifecycle('unlock'),
      answer: { status: 403, code: 'E0000032', causes: ['The user is not locked out.'] },
    },
    {
      fact: 'activate of an active user is refused without causes',
      given: active,
      ask: lifecycle('activate'),
      answer: { status: 403, code: 'E0000016', causes: [] },
    },
    {
      fact: 'suspend of a user who is not active names the cause',
      given: staged,
      ask: lifecycle('suspend'),
      answer: {
        status: 400,
        code: 'E0000001',
        causes: ['suspendUser: Cannot suspend a user that is not active'],
      },
    },
    {
      fact: 'an update of a deactivated user is refused without causes',
      given: { ...active, gone: lifecycle('deactivate') },
      ask: ['POST', '/api/v1/users/{ada}', { profile: { city: 'Oslo' } }],
      answer: { status: 403, code: 'E0000038', causes: [] },
    },
  ]);
});

describe('creates and updates', () => {
  const seed = {
    groups: [{ name: 'Admins' }],
    realms: [{ name: 'Partners' }],
    users: [{ profile: ADA, directory: { type: 'LDAP', name: 'ldap.example.com' } as const }],
  };
  itHolds([
    {
      fact: 'a refused recovery answer is 403, although the user then exists',
      ask: user({
        credentials: { recovery_question: { question: 'Favourite food?', answer: 'my favourite' } },
      }),
      answer: {
        status: 403,
        code: 'E0000014',
        causes: ['The security answer must not contain parts of the question'],
      },
    },
    {
      fact: 'an unknown attribute is a cause about newUser',
      ask: user({ profile: { ...ADA, notValid: 'x' } }),
      answer: {
        status: 400,
        code: 'E0000001',
        causes: ["Property name 'notValid' is not defined in profile"],
      },
    },
    {
      fact: 'a user shows the realm',
      options: { seed: { realms: seed.realms } },
      ask: user(),
      answer: { status: 200, values: { realmId: /^guo\w{17}$/ } },
    },
    {
      fact: 'a user shows no realm in an org without realms',
      ask: user(),
      answer: { status: 200, lacks: ['realmId'] },
    },
    {
      fact: 'an unknown realm is refused',
      options: { seed: { realms: seed.realms } },
      ask: user({ realmId: 'guo00000000000000000' }),
      answer: { status: 400, code: 'E0000001' },
    },
    {
      fact: 'realms have a name, and one is the default',
      options: { seed: { realms: seed.realms } },
      ask: ['GET', '/api/v1/realms'],
      answer: {
        status: 200,
        items: 2,
        keys: ['id', 'created', 'lastUpdated', 'isDefault', 'profile.name', '_links.self.href'],
      },
    },
    {
      fact: 'realms are a feature that an org may not have',
      ask: ['GET', '/api/v1/realms'],
      answer: { status: 401, code: 'E0000015' },
    },
    {
      fact: 'a user of a directory cannot be changed, without causes',
      options: { seed: { users: seed.users } },
      ask: ['POST', '/api/v1/users/ada@example.com', { profile: { city: 'Oslo' } }],
      answer: { status: 403, code: 'E0000023', causes: [] },
    },
    {
      fact: 'an attribute that Okta masters can be changed in a user of a directory',
      options: { seed: { users: seed.users }, orgOptions: { attributeMasters: { city: 'OKTA' } } },
      ask: ['POST', '/api/v1/users/ada@example.com', { profile: { city: 'Oslo' } }],
      answer: {
        status: 200,
        values: { 'profile.city': 'Oslo', 'credentials.provider.name': 'ldap.example.com' },
      },
    },
  ]);
});

describe('groups', () => {
  itHolds([
    {
      fact: 'have links to owners, users, apps and logos, and none to themselves',
      ask: group({}),
      answer: {
        status: 200,
        keys: [...links('owners', 'users', 'apps'), '_links.logo'],
        lacks: ['_links.self'],
        values: { type: 'OKTA_GROUP', objectClass: ['okta:user_group'], 'profile.description': null },
      },
    },
    {
      fact: 'have owners in listings too',
      given: { sales: group({}) },
      ask: ['GET', '/api/v1/groups?q=Sales'],
      answer: { status: 200, items: 1, keys: links('owners') },
    },
    {
      fact: 'keep custom attributes of every type',
      given: { sales: group({ size: 7, isOpen: true, costCenter: 'EMEA' }) },
      ask: ['GET', '/api/v1/groups/{sales}'],
      answer: {
        status: 200,
        values: { 'profile.size': 7, 'profile.isOpen': true, 'profile.costCenter': 'EMEA' },
      },
    },
    {
      fact: 'with a character beyond U+FFFF in the name fail with 500',
      ask: group({ name: 'Sales 🚀' }),
      answer: { status: 500, code: 'E0000009', causes: [] },
    },
  ]);
});

describe('schemas and user types', () => {
  const desk = { desk: { title: 'Desk', type: 'string' } };
  itHolds([
    {
      fact: 'a schema without custom attributes has no list of required ones',
      ask: ['GET', SCHEMA],
      answer: {
        status: 200,
        keys: ['definitions.custom.properties', 'definitions.base.required'],
        lacks: ['definitions.custom.required'],
      },
    },
    {
      fact: 'a schema with custom attributes has a list of required ones, which may be empty',
      ask: changeSchema({ custom: { id: '#custom', type: 'object', properties: desk } }),
      answer: {
        status: 200,
        values: {
          'definitions.custom.required': [],
          'definitions.custom.properties.desk.master': { type: 'PROFILE_MASTER' },
        },
        lacks: ['definitions.custom.properties.desk.unique'],
      },
    },
    {
      fact: 'numbers have no bounds',
      ask: changeSchema({
        custom: { properties: { level: { title: 'Level', type: 'integer', minimum: 1, maximum: 9 } } },
      }),
      answer: {
        status: 200,
        keys: ['definitions.custom.properties.level'],
        lacks: ['definitions.custom.properties.level.minimum', 'definitions.custom.properties.level.maximum'],
      },
    },
    {
      fact: 'a change of a base attribute takes effect and keeps its limits',
      ask: changeSchema({
        base: {
          properties: {
            firstName: { required: false, permissions: [{ principal: 'SELF', action: 'READ_ONLY' }] },
          },
        },
      }),
      answer: {
        status: 200,
        values: {
          'definitions.base.required': ['login', 'lastName', 'email'],
          'definitions.base.properties.firstName.permissions': [{ principal: 'SELF', action: 'READ_ONLY' }],
          'definitions.base.properties.firstName.maxLength': 50,
        },
        lacks: ['definitions.base.properties.firstName.required'],
      },
    },
    {
      fact: 'the pattern of logins can be set',
      ask: changeSchema({ base: { properties: { login: { pattern: '[a-z]+' } } } }),
      answer: { status: 200, values: { 'definitions.base.properties.login.pattern': '[a-z]+' } },
    },
    {
      fact: 'a removed attribute disappears from profiles',
      options: { seed: { attributes: { desk: { title: 'Desk', type: 'string' } } } },
      given: {
        ada: user({ profile: { ...ADA, desk: 'D-1' } }),
        removed: changeSchema({ custom: { properties: { desk: null } } }),
      },
      ask: ['GET', '/api/v1/users/{ada}'],
      answer: { status: 200, keys: ['profile.login'], lacks: ['profile.desk'] },
    },
    {
      fact: 'a user type is made with 200 and has a schema of its own',
      ask: ['POST', '/api/v1/meta/types/user', { name: 'contractor', displayName: 'Contractor' }],
      answer: {
        status: 200,
        keys: ['id', 'createdBy', 'created', 'lastUpdated', ...links('schema', 'self')],
        values: { default: false, name: 'contractor', description: '' },
      },
    },
    {
      fact: 'an unknown user type is 404',
      ask: ['GET', '/api/v1/meta/types/user/oty0'],
      answer: {
        status: 404,
        code: 'E0000007',
        values: { errorSummary: 'Not found: Resource not found: oty0 (CVDType)' },
      },
    },
  ]);
});

describe('refusals in a header', () => {
  itHolds([
    {
      fact: 'a missing scope is 403, and the header names it',
      options: { faults: [{ on: 'createGroup', then: 'insufficient-scope' }] },
      ask: group({}),
      answer: {
        status: 403,
        headers: {
          'content-type': null,
          'www-authenticate': /^Bearer .*scope="okta\.groups\.manage", error="insufficient_scope"/,
        },
      },
    },
    {
      fact: 'an invalid DPoP proof is 400, and the header has the reason',
      options: { faults: [{ on: 'any', then: 'invalid-dpop-proof' }] },
      ask: ['GET', '/api/v1/users/me'],
      answer: {
        status: 400,
        headers: {
          'content-type': null,
          'www-authenticate': /^DPoP .*error="invalid_dpop_proof", error_description="'htu' claim/,
        },
      },
    },
    {
      fact: 'an encoded slash in a path is 405',
      ask: ['GET', '/api/v1/users/a%2Fb'],
      answer: { status: 405, code: 'E0000022' },
    },
    {
      fact: 'an encoded backslash in a path is 400 with a page of the web server',
      ask: ['GET', '/api/v1/users/CORP%5Cbob'],
      answer: { status: 400, headers: { 'content-type': /^text\/html/, 'x-okta-request-id': null } },
    },
    {
      fact: 'a semicolon cuts off the rest of a login',
      given: { ada: user() },
      ask: ['GET', '/api/v1/users/ada%3Bx%40example.com'],
      answer: { status: 200, values: { 'profile.login': 'ada@example.com' } },
    },
  ]);
});
