import { expect, it, onTestFinished } from 'vitest';

import { createOktaClient } from '../../src/okta/create-client.js';
import {
  DEFAULT_PASSWORD_RULES,
  readPasswordRules,
  type PasswordRules,
} from '../../src/org/password-policies.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { interceptedOrg, json, oktaError, type OrgResponse } from '../helpers/intercepted-org.js';

async function rulesOf(response: OrgResponse): Promise<PasswordRules | undefined> {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const org = await interceptedOrg(okta, ({ path }) => (path === '/api/v1/policies' ? response : undefined));
  const client = createOktaClient({ orgUrl: org.url, apiToken: okta.token });
  onTestFinished(() => client.close());
  return readPasswordRules(client, new AbortController().signal);
}

/** A policy as Okta lists it. */
function policy(complexity: unknown, more: object = {}): object {
  return {
    id: '00p1',
    name: 'Vault',
    status: 'ACTIVE',
    type: 'PASSWORD',
    conditions: { authProvider: { provider: 'OKTA' } },
    settings: { password: { complexity } },
    ...more,
  };
}

it('takes the strictest rule of each kind from all active policies', async () => {
  const policies = [
    policy({
      minLength: 14,
      minLowerCase: 2,
      minUpperCase: 0,
      minNumber: 1,
      minSymbol: 0,
      excludeUsername: true,
      excludeAttributes: ['firstName', 'nickName'],
      dictionary: { common: { exclude: true } },
    }),
    policy({ minLength: 20, minSymbol: 3, excludeAttributes: [] }, { name: 'Admins' }),
    policy({ minLength: 40 }, { status: 'INACTIVE' }),
    policy({ minLength: 50 }, { conditions: { authProvider: { provider: 'ACTIVE_DIRECTORY' } } }),
    policy({ minLength: 60 }, { conditions: { authProvider: { provider: 'LDAP' } } }),
  ];

  expect(await rulesOf(json(200, policies))).toEqual({
    minLength: 20,
    longestPolicy: 'Admins',
    minLowerCase: 2,
    minUpperCase: 1,
    minNumber: 1,
    minSymbol: 3,
    excludedAttributes: ['firstName', 'lastName', 'nickName'],
  });
});

it.each([
  ['no policies', []],
  ['a policy without settings', [policy(undefined), { id: '00p2', name: 'Bare', status: 'ACTIVE' }]],
  [
    'values that are no numbers',
    [policy({ minLength: null, minSymbol: 'many', minNumber: -3, excludeAttributes: null })],
  ],
])('gives the default rules to an org with %s', async (_title, policies) => {
  expect(await rulesOf(json(200, policies))).toEqual(DEFAULT_PASSWORD_RULES);
});

it('does not require more characters than fit into a password', async () => {
  const complexity = { minLowerCase: 99, minUpperCase: 99, minNumber: 99, minSymbol: 99 };

  expect(await rulesOf(json(200, [policy(complexity)]))).toMatchObject({ minLowerCase: 15, minSymbol: 15 });
});

it.each([
  ['refused', oktaError(403, 'E0000006', 'You do not have permission to perform the requested action')],
  ['unknown', oktaError(404, 'E0000022', 'The endpoint does not support the provided HTTP method')],
  ['unreadable', { status: 200, headers: { 'content-type': 'text/html' }, text: '<html>' }],
])('policies that are %s are reported as unknown', async (_title, response) => {
  expect(await rulesOf(response)).toBeUndefined();
});
