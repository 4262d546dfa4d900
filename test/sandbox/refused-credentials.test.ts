/* oxlint-disable unicorn/no-thenable -- `then` is a field of faults, which are never awaited */
import { describe, expect, it } from 'vitest';

import type { Group } from '../../src/okta/types.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { oktaError, testOrg, type TestOrg } from './org.js';

const STRICT: SandboxOptions = {
  seed: {
    groups: [{ name: 'Admins', passwordPolicy: { minLength: 14, minAnswerLength: 8 } }, { name: 'Sales' }],
  },
};
const SHORT_PASSWORD = 'Tr0ub4dor';

async function idOf({ request }: TestOrg, name: string): Promise<string> {
  const groups = await request<Group[]>('GET', `/api/v1/groups?q=${name}`);
  return groups.body[0]?.id ?? '';
}

describe('a create whose credentials are refused', () => {
  it.each<[string, object, string]>([
    [
      'a password that is too short for a group',
      { password: { value: SHORT_PASSWORD } },
      'password: Password requirements were not met. Password requirements: at least 14 characters, a lowercase letter, an uppercase letter, a number, no parts of your username.',
    ],
    [
      'a recovery answer that is too short for a group',
      { recovery_question: { question: 'First car?', answer: 'a Mini' } },
      'The security answer must be at least 8 characters long',
    ],
    [
      'a recovery answer that repeats part of the question',
      { recovery_question: { question: 'Favourite colour?', answer: 'my favourite is red' } },
      'The security answer must not contain parts of the question',
    ],
  ])('leaves the user behind, STAGED and without credentials: %s', async (_name, credentials, cause) => {
    const org = await testOrg(STRICT);
    const response = await org.create({}, { credentials, groupIds: [await idOf(org, 'Admins')] });

    expect(response.status).toBe(403);
    expect(response.body).toMatchObject(oktaError('E0000014', 'Update of credentials failed', [cause]));
    expect(org.okta.findUser('ada')).toMatchObject({
      status: 'STAGED',
      activated: null,
      passwordChanged: null,
      credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
    });
    expect(org.okta.findUser('ada')?.credentials).toEqual({ provider: { type: 'OKTA', name: 'OKTA' } });
    expect(org.okta.groupsOf('ada')).toEqual(['Admins']);
    expect(org.okta.ledger.created).toMatchObject([{ login: 'ada@example.com' }]);
    expect((await org.create()).body).toMatchObject({ errorCode: 'E0000001' });
  });

  it('can be finished with an update and an activation', async () => {
    const org = await testOrg({
      faults: [{ on: 'createUser', then: 'credentials-refused', cause: 'Too weak' }],
    });
    const refused = await org.create({}, { credentials: { password: { value: SHORT_PASSWORD } } });
    expect(refused.body).toMatchObject(oktaError('E0000014', 'Update of credentials failed', ['Too weak']));

    const credentials = { password: { value: 'Another-Passw0rd' } };
    const updated = await org.request('POST', '/api/v1/users/ada', { body: { credentials } });
    expect(updated.body).toMatchObject({ status: 'STAGED', credentials: { password: {} } });
    await org.request('POST', '/api/v1/users/ada/lifecycle/activate?sendEmail=false');
    expect(org.okta.findUser('ada')?.status).toBe('ACTIVE');
  });

  it('succeeds in a group without a policy of its own', async () => {
    const org = await testOrg(STRICT);
    const groupIds = [await idOf(org, 'Sales')];
    const { status } = await org.create(
      {},
      { credentials: { password: { value: SHORT_PASSWORD } }, groupIds },
    );
    expect(status).toBe(200);
  });
});

it('an update whose password the policy of a group refuses changes nothing', async () => {
  const org = await testOrg(STRICT);
  await org.create({}, { groupIds: [await idOf(org, 'Admins')] });
  const body = { profile: { title: 'Countess' }, credentials: { password: { value: SHORT_PASSWORD } } };
  expect((await org.request('POST', '/api/v1/users/ada', { body })).body).toMatchObject({
    errorCode: 'E0000014',
  });
  expect(org.okta.findUser('ada')?.profile['title']).toBeUndefined();
});
