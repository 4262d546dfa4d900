import { expect, it } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { ADA, oktaError, testOrg } from './org.js';

const SOURCED: SandboxOptions = {
  orgOptions: { attributeMasters: { nickName: 'OKTA' } },
  seed: {
    attributes: {
      badge: { title: 'Badge', type: 'string', master: { type: 'OKTA' } },
      floor: { title: 'Floor', type: 'string' },
    },
    users: [{ profile: ADA, directory: { type: 'ACTIVE_DIRECTORY', name: 'corp.example.com' } }],
  },
};

it('a user of a directory shows the directory as the provider, and has no password', async () => {
  const { okta } = await testOrg(SOURCED);
  expect(okta.findUser('ada')?.credentials).toEqual({
    provider: { type: 'ACTIVE_DIRECTORY', name: 'corp.example.com' },
  });
});

it.each<['POST' | 'PUT', object]>([
  ['POST', { profile: { firstName: 'Augusta' } }],
  ['POST', { profile: { nickName: 'Ada', floor: '3' } }],
  // Also when the value is the stored one.
  ['POST', { profile: { nickName: 'Ada', lastName: 'Byron' } }],
  ['POST', { credentials: { password: { value: 'Tr0ub4dor' } } }],
  ['PUT', { profile: ADA }],
])('%s %j to a user of a directory is refused, without causes', async (method, body) => {
  const { okta, request } = await testOrg(SOURCED);
  const before = okta.findUser('ada');
  const refused = await request(method, '/api/v1/users/ada', { body });
  expect(refused.status).toBe(403);
  expect(refused.body).toMatchObject(
    oktaError('E0000023', 'Operation failed because user profile is mastered under another system'),
  );
  expect(okta.findUser('ada')).toEqual(before);
});

it('attributes that Okta masters can be written if nothing else is in the body', async () => {
  const { request } = await testOrg(SOURCED);
  const body = { profile: { nickName: 'Ada', badge: 'B-1' } };
  expect((await request('POST', '/api/v1/users/ada', { body })).body).toMatchObject(body);
});
