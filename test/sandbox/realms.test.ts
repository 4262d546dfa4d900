import { expect, it } from 'vitest';

import type { User } from '../../src/okta/types.js';
import { oktaError, testOrg } from './org.js';

const REALMS = { realms: [{ name: 'Car Co', realmType: 'PARTNER', domains: ['car.example.com'] }] } as const;

interface Realm {
  readonly id: string;
  readonly profile: { readonly name: string };
}

it('realms are listed with the default one first, over pages and by name', async () => {
  const { request } = await testOrg({ seed: REALMS });
  const { body } = await request<Realm[]>('GET', '/api/v1/realms');
  expect(body).toMatchObject([
    { id: expect.stringMatching(/^guo.{17}$/), isDefault: true, profile: { name: 'Default Realm' } },
    {
      isDefault: false,
      profile: { name: 'Car Co', realmType: 'PARTNER', domains: ['car.example.com'] },
      _links: { self: { href: expect.stringContaining(`/api/v1/realms/${body[1]?.id}`) } },
    },
  ]);
  const found = await request<Realm[]>('GET', '/api/v1/realms?search=profile.name%20eq%20%22car%20co%22');
  expect(found.body.map(({ profile }) => profile.name)).toEqual(['Car Co']);
  const first = await request('GET', '/api/v1/realms?limit=1');
  const next = /<[^>]*(\/api[^>]*)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  expect((await request<Realm[]>('GET', next)).body).toMatchObject([{ id: body[1]?.id }]);
});

it('an org without realms refuses to list them with 401 E0000015, and shows none in users', async () => {
  const { request, create } = await testOrg();
  const { status, body } = await request('GET', '/api/v1/realms');
  expect(status).toBe(401);
  expect(body).toMatchObject(
    oktaError('E0000015', 'You do not have permission to access the feature you are requesting'),
  );
  expect((await create()).body).not.toHaveProperty('realmId');
});

it('a user belongs to the realm of the create, or to the default realm', async () => {
  const { request, create } = await testOrg({ seed: REALMS });
  const { body: realms } = await request<Realm[]>('GET', '/api/v1/realms');
  const [defaultRealm, carCo] = realms.map(({ id }) => id);

  expect((await create({}, { realmId: carCo })).body).toMatchObject({ realmId: carCo });
  expect((await create({ login: 'ben@example.com' })).body).toMatchObject({ realmId: defaultRealm });
  const { body: read } = await request<User>('GET', '/api/v1/users/ada');
  expect(read).toMatchObject({ realmId: carCo });
});

it('an update can move a user to another realm, but not to an unknown one', async () => {
  const { okta, request, create } = await testOrg({ seed: REALMS });
  const { body: realms } = await request<Realm[]>('GET', '/api/v1/realms');
  await create();
  const move = async (realmId: string | undefined, profile = {}): Promise<number> =>
    (await request('POST', '/api/v1/users/ada', { body: { realmId, profile } })).status;
  expect(await move(realms[1]?.id)).toBe(200);
  expect(await move('guoUnknown', { title: 'Countess' })).toBe(400);
  expect(okta.findUser('ada')).toMatchObject({ realmId: realms[1]?.id });
  expect(okta.findUser('ada')?.profile).not.toHaveProperty('title');
});

it('a create for an unknown realm is refused', async () => {
  const { okta, create } = await testOrg({ seed: REALMS });
  const { status, body } = await create({}, { realmId: 'guoUnknown' });
  expect([status, body]).toMatchObject([400, { errorCode: 'E0000001' }]);
  expect(okta.users()).toEqual([]);
});
