import { describe, expect, it } from 'vitest';

import type { User } from '../../src/okta/types.js';
import type { TestOrg } from './org.js';
import { ADA, oktaError, testOrg } from './org.js';

const PASSWORD = { password: { value: 'Tr0ub4dor' } };

async function ada(org: TestOrg, query = ''): Promise<string> {
  const response = await org.create(
    { title: 'Countess', secondEmail: 'ada@example.org' },
    { credentials: PASSWORD },
    query,
  );
  return `/api/v1/users/${response.body.id}`;
}

describe('a partial update (POST)', () => {
  it('keeps attributes that are not sent and clears those that are null', async () => {
    const org = await testOrg();
    const path = await ada(org);
    const { body } = await org.request<User>('POST', path, {
      body: { profile: { title: null, city: 'London' } },
    });
    expect(body.profile).toEqual({
      ...ADA,
      mobilePhone: null,
      secondEmail: 'ada@example.org',
      city: 'London',
    });
  });

  it.each([
    ['a blank login', { profile: { login: null } }, 400, 'E0000001'],
    ['an unknown attribute', { profile: { foo: 1 } }, 400, 'E0000001'],
    ['a weak password', { credentials: { password: { value: 'weak' } } }, 400, 'E0000001'],
    [
      'a hash once the user is active',
      { credentials: { password: { hash: { algorithm: 'MD5', value: '3bn8brfekS0UWg9znVNl2A==' } } } },
      403,
      'E0000038',
    ],
    ['another user type', { type: { id: 'oty' } }, 404, 'E0000007'],
  ])('is rejected for %s', async (_name, body, status, errorCode) => {
    const org = await testOrg();
    expect(await org.request('POST', await ada(org), { body })).toMatchObject({
      status,
      body: { errorCode },
    });
  });

  it('changes a login; the old one can then be used by others', async () => {
    const org = await testOrg();
    const path = await ada(org);
    await org.create({ login: 'grace@example.com' });
    expect(
      (await org.request('POST', path, { body: { profile: { login: 'Grace@example.com' } } })).status,
    ).toBe(400);
    expect(
      (await org.request('POST', path, { body: { profile: { login: 'ADA@example.com' } } })).status,
    ).toBe(200);
    expect(
      (await org.request('POST', path, { body: { profile: { login: 'countess@example.com' } } })).status,
    ).toBe(200);
    expect((await org.create()).status).toBe(200);
  });

  it('cannot change deactivated users unless the org allows it', async () => {
    const strict = await testOrg();
    const lenient = await testOrg({ orgOptions: { editDeactivatedProfiles: true } });
    const statuses = [];
    for (const org of [strict, lenient]) {
      const path = await ada(org);
      await org.request('DELETE', path);
      statuses.push((await org.request('POST', path, { body: { profile: { city: 'London' } } })).status);
    }
    expect(statuses).toEqual([403, 200]);
  });

  it.each([
    ['"stale"', 412, oktaError('E0000231', "ETag value doesn't match.")],
    ['stale', 400, oktaError('E0000242', 'ETag syntax is invalid.')],
  ])('is rejected with If-Match %s', async (ifMatch, status, body) => {
    const org = await testOrg();
    const options = { body: { profile: {} }, headers: { 'if-match': ifMatch } };
    expect(await org.request('POST', await ada(org), options)).toMatchObject({ status, body });
  });

  it('succeeds with the ETag of the latest GET', async () => {
    const org = await testOrg();
    const path = await ada(org);
    const etag = (await org.request('GET', path)).headers.get('etag') ?? '';
    const options = { body: { profile: { city: 'London' } }, headers: { 'if-match': etag } };
    expect((await org.request('POST', path, options)).status).toBe(200);
    expect((await org.request('POST', path, options)).status).toBe(412);
  });
});

describe('a replacement (PUT)', () => {
  it('clears attributes that are not sent and keeps credentials', async () => {
    const org = await testOrg();
    const { body } = await org.request<User>('PUT', await ada(org), { body: { profile: ADA } });
    expect(body.profile).toEqual({ ...ADA, mobilePhone: null, secondEmail: null });
    expect(body.credentials).toHaveProperty('password');
  });

  it('keeps the profile when only credentials are sent', async () => {
    const org = await testOrg();
    const body = { credentials: { recovery_question: { question: 'First car?', answer: 'A green Mini' } } };
    expect((await org.request<User>('PUT', await ada(org), { body })).body).toMatchObject({
      profile: { title: 'Countess' },
      credentials: { recovery_question: { question: 'First car?' } },
    });
  });

  it('can change the user type, which a POST cannot', async () => {
    const org = await testOrg({ seed: { userTypes: [{ name: 'student', displayName: 'Student' }] } });
    const [, student] = (await org.request<{ id: string }[]>('GET', '/api/v1/meta/types/user')).body;
    const options = { body: { profile: ADA, type: { id: student?.id } } };
    const path = await ada(org);
    expect((await org.request('POST', path, options)).status).toBe(400);
    expect((await org.request('PUT', path, options)).body).toMatchObject({ type: { id: student?.id } });
  });
});

describe('the lifecycle', () => {
  it.each<[string, string, string[], number, string, string]>([
    ['activate', '?activate=false', [], 200, '', 'ACTIVE'],
    ['activate', '', [], 403, 'E0000016', 'ACTIVE'],
    ['activate', '', ['deactivate'], 200, '', 'ACTIVE'],
    ['reactivate', '', [], 403, 'E0000038', 'ACTIVE'],
    ['deactivate', '', [], 200, '', 'DEPROVISIONED'],
    ['deactivate', '?activate=false', [], 200, '', 'DEPROVISIONED'],
    ['deactivate', '', ['deactivate'], 403, 'E0000038', 'DEPROVISIONED'],
    ['suspend', '', [], 200, '', 'SUSPENDED'],
    ['suspend', '?activate=false', [], 400, 'E0000001', 'STAGED'],
    ['unsuspend', '', ['suspend'], 200, '', 'ACTIVE'],
    ['unsuspend', '', [], 400, 'E0000001', 'ACTIVE'],
    ['unlock', '', [], 403, 'E0000032', 'ACTIVE'],
    ['reset_password', '', [], 200, '', 'RECOVERY'],
    ['reset_password', '?activate=false', [], 403, 'E0000038', 'STAGED'],
    ['expire_password', '', [], 200, '', 'PASSWORD_EXPIRED'],
    ['expire_password_with_temp_password', '', [], 200, '', 'PASSWORD_EXPIRED'],
    ['reset_factors', '', [], 200, '', 'ACTIVE'],
  ])(
    '%s of a user created with %j, after %j: %i %s, then %s',
    async (verb, query, before, status, errorCode, after) => {
      const org = await testOrg();
      const path = await ada(org, query);
      for (const earlier of before) await org.request('POST', `${path}/lifecycle/${earlier}`);
      const response = await org.request('POST', `${path}/lifecycle/${verb}`);
      expect(response.status).toBe(status);
      expect(response.text).toContain(errorCode);
      expect(org.okta.findUser('ada')?.status).toBe(after);
    },
  );

  it('returns {} when it sends an email, otherwise the link', async () => {
    const org = await testOrg();
    const { id } = (await org.create({}, {}, '?activate=false')).body;
    const path = `/api/v1/users/${id}/lifecycle`;
    expect((await org.request('POST', `${path}/activate`)).text).toBe('{}');
    expect((await org.request('POST', `${path}/reactivate?sendEmail=false`)).body).toEqual({
      activationToken: expect.any(String),
      activationUrl: expect.stringContaining('/tokens/'),
    });
    expect(org.okta.findUser('ada')?.status).toBe('PROVISIONED');
  });

  it.each([
    ['STAGED', '?activate=false', ['activate']],
    [
      'ACTIVE',
      '',
      [
        'changePassword',
        'changeRecoveryQuestion',
        'deactivate',
        'expirePassword',
        'forgotPassword',
        'resetPassword',
        'suspend',
      ],
    ],
  ])('returns the links of status %s', async (_status, query, links) => {
    const org = await testOrg();
    const { body } = await org.request<{ _links: object }>('GET', await ada(org, query));
    const all = [...links, 'resetFactors', 'schema', 'self', 'type'];
    expect(Object.keys(body._links).toSorted()).toEqual(all.toSorted());
  });

  it('returns the links of an ACTIVE user for one whose password is expired', async () => {
    const org = await testOrg();
    const path = await ada(org);
    const active = await org.request<{ _links: object }>('GET', path);
    await org.request('POST', `${path}/lifecycle/expire_password`);
    const expired = await org.request<{ status: string; _links: object }>('GET', path);
    expect(expired.body.status).toBe('PASSWORD_EXPIRED');
    expect(expired.body._links).toEqual(active.body._links);
  });

  it('says why a user who is not locked out cannot be unlocked', async () => {
    const org = await testOrg();
    const { body } = await org.request('POST', `${await ada(org)}/lifecycle/unlock`);
    expect(body).toMatchObject(
      oktaError('E0000032', 'Unlock is not allowed for this user.', ['The user is not locked out.']),
    );
  });

  it('deletes a user with the second DELETE; both return 204 without body and Content-Type', async () => {
    const org = await testOrg();
    const path = await ada(org);
    for (const status of ['DEPROVISIONED', undefined]) {
      const response = await org.request('DELETE', path);
      expect([response.status, response.text, response.headers.get('content-type')]).toEqual([204, '', null]);
      expect(org.okta.findUser('ada')?.status).toBe(status);
    }
    expect((await org.request('DELETE', path)).status).toBe(404);
    expect((await org.request('GET', path)).status).toBe(404);
  });

  it('rejects the token after its owner is deactivated', async () => {
    const org = await testOrg();
    await org.request('POST', '/api/v1/users/me/lifecycle/suspend');
    expect((await org.request('GET', '/api/v1/users/me')).body).toMatchObject({ errorCode: 'E0000011' });
  });
});
