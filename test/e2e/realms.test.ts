import { describe, expect, it } from 'vitest';

import type { SandboxSeed } from '../../src/sandbox/seed.js';

import { json, oktaError, type Interceptor } from '../helpers/intercepted-org.js';
import { loginOf, profileOf } from '../helpers/people.js';
import { scene, type Scene } from '../helpers/scene.js';

const REALMS: SandboxSeed = { realms: [{ name: 'Partners' }, { name: 'Suppliers' }] };

const listings = ({ org }: Scene): number =>
  org.requests.filter((request) => request === 'GET /api/v1/realms').length;

/** A file with a realm for each row. */
function peopleOf(column: string, ...realms: readonly string[]): string {
  const rows = realms.map((realm, index) => [...Object.values(profileOf(index + 1)), realm].join(','));
  return `${[`login,email,firstName,lastName,${column}`, ...rows].join('\n')}\n`;
}

async function realmIdOf({ okta }: Pick<Scene, 'okta'>, name: string): Promise<string> {
  const response = await fetch(`${okta.url}/api/v1/realms`, {
    headers: { authorization: `SSWS ${okta.token}` },
  });
  const realms = (await response.json()) as { id: string; profile: { name: string } }[];
  return realms.find(({ profile }) => profile.name === name)?.id ?? '';
}

const realmsOf = ({ okta }: Scene, count: number): (string | undefined)[] =>
  Array.from(
    { length: count },
    (_, index) => (okta.findUser(loginOf(index + 1)) as { realmId?: string }).realmId,
  );

describe('the realm of a user', () => {
  it.each(['realmId', 'realm', 'Realm', 'Realm name'])(
    'comes from a column %s, by name or ID',
    async (column) => {
      const stage = await scene({ seed: REALMS });
      const partners = await realmIdOf(stage, 'Partners');
      const file = stage.at.file('people.csv', peopleOf(column, 'Partners', partners, 'suppliers', ''));

      expect((await stage.run('validate', file, '--org')).exitCode).toBe(0);
      expect((await stage.run('import', file)).exitCode).toBe(0);

      const [suppliers, other] = [
        await realmIdOf(stage, 'Suppliers'),
        await realmIdOf(stage, 'Default Realm'),
      ];
      expect(realmsOf(stage, 4)).toEqual([partners, partners, suppliers, other]);
      expect(listings(stage)).toBe(2);
    },
  );

  it.each([
    ['realm: { value: Partners }', ''],
    ['realm: Kind', 'Kind'],
    ['realmId: { template: "{{ row.Kind | capitalize }}" }', 'Kind'],
  ])('comes from a mapping file with %s', async (line, column) => {
    const stage = await scene({ seed: REALMS });
    const file = stage.at.file(
      'people.csv',
      peopleOf(column === '' ? 'title' : column, column === '' ? 'Lead' : 'Partners'),
    );
    stage.at.file('mapping.yaml', `profile:\n  login: login\n${line}\n`);

    expect((await stage.run('import', file, '--mapping=mapping.yaml')).exitCode).toBe(0);
    expect(realmsOf(stage, 1)).toEqual([await realmIdOf(stage, 'Partners')]);
  });

  it('cannot be mapped twice', async () => {
    const { at, run } = await scene({ seed: REALMS });
    const file = at.file('people.csv', peopleOf('realm', 'Partners'));
    at.file('mapping.yaml', 'profile:\n  login: login\nrealm: realm\nrealmId: realm\n');

    const { exitCode, stderr } = await run('import', file, '--mapping=mapping.yaml');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('mapping.yaml:4: realm and realmId mean the same. Remove one of them.');
  });

  it('is not asked for when no column or mapping names it', async () => {
    const stage = await scene({ seed: REALMS });
    const file = stage.at.file('people.csv', peopleOf('title', 'Lead'));

    expect((await stage.run('import', file)).exitCode).toBe(0);
    expect(listings(stage)).toBe(0);
  });

  it('is read by its attribute in an org with a custom attribute of that name', async () => {
    const stage = await scene({
      seed: { ...REALMS, attributes: { realm: { title: 'Realm', type: 'string' } } },
    });
    const file = stage.at.file('people.csv', peopleOf('realm', 'Middle-earth'));

    expect((await stage.run('import', file)).exitCode).toBe(0);
    expect(stage.okta.findUser(loginOf(1))?.profile).toMatchObject({ realm: 'Middle-earth' });
  });
});

describe('a realm that the org does not have', () => {
  it.each(['validate --org', 'import'])('is a problem of its row in %s', async (command) => {
    const stage = await scene({ seed: REALMS });
    const file = stage.at.file(
      'people.csv',
      peopleOf('realm', 'Partners', 'Partner', 'guoabcdefghijklmnopq'),
    );

    expect((await stage.run(...command.split(' '), file, '--run-id=it')).exitCode).toBe(1);
    expect(stage.at.run('it').results.slice(1)).toMatchObject([
      {
        status: 'invalid',
        errorCode: 'unknown-realm',
        message: 'realm: The org has no realm "Partner". Correct the name or the ID.',
      },
      { status: 'invalid', errorCode: 'unknown-realm' },
    ]);
  });

  it('does not matter to an existing user, who keeps the realm', async () => {
    const stage = await scene({
      seed: { ...REALMS, users: [{ profile: profileOf(1), realm: 'Suppliers' }] },
    });
    const file = stage.at.file('people.csv', peopleOf('realm', 'Partner'));

    expect((await stage.run('import', file, '--if-exists=update')).exitCode).toBe(0);
    expect(realmsOf(stage, 1)).toEqual([await realmIdOf(stage, 'Suppliers')]);
  });

  it.each([
    ['an import', ['import', 'people.csv', '--if-exists=update']],
    ['its dry run', ['validate', 'people.csv', '--org', '--if-exists=update']],
    ['a sync', ['sync', 'people.csv', '--dataset=staff']],
    ['its dry run', ['sync', 'people.csv', '--dataset=staff', '--dry-run']],
  ])('of the org is a warning of %s for an existing user of another realm', async (_, args) => {
    const users = [
      { profile: profileOf(1), realm: 'Suppliers' },
      { profile: profileOf(2), realm: 'Partners' },
    ];
    const stage = await scene({ seed: { ...REALMS, users } });
    stage.at.file('people.csv', peopleOf('realm', 'Partners', 'Partners', ''));

    const { exitCode, stderr } = await stage.run(...args);

    expect(exitCode).toBe(0);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      `1 row: realm: The user stays in its realm: the realm of a row is only for new users. Move the user in Okta. row 1 (line 2) ${loginOf(1)}`,
    );
    expect(realmsOf(stage, 1)).toEqual([await realmIdOf(stage, 'Suppliers')]);
  });
});

describe('realms that cannot be listed', () => {
  it.each<[string, SandboxSeed, Interceptor]>([
    ['the org does not have the feature', {}, () => undefined],
    [
      'the admin may not read them',
      REALMS,
      ({ path }) =>
        path === '/api/v1/realms'
          ? oktaError(403, 'E0000006', 'You do not have permission to perform the requested action')
          : undefined,
    ],
  ])('since %s, are sent by ID, while names are problems', async (_, seed, intercept) => {
    const seen: (string | undefined)[] = [];
    const stage = await scene({
      seed,
      intercept: (request) => {
        const { method, path, body } = request;
        if (method === 'POST' && path === '/api/v1/users') seen.push(body?.realmId);
        return intercept(request);
      },
    });
    const file = stage.at.file('people.csv', peopleOf('realm', 'Partners', 'guoabcdefghijklmnopq', ''));

    const { exitCode } = await stage.run('import', file, '--run-id=it');

    expect(exitCode).toBe(1);
    const { results, summary } = stage.at.run('it');
    expect(summary.stoppedBecause).toBeNull();
    expect(results[0]).toMatchObject({ status: 'invalid', errorCode: 'realm-unconfirmed' });
    expect(results[0]?.message).toContain(
      'The realm "Partners" could not be looked up: GET /api/v1/realms failed with',
    );
    expect(results[2]).toMatchObject({ status: 'created' });
    expect(new Set(seen)).toEqual(new Set(['guoabcdefghijklmnopq', undefined]));
  });
});

it('finds realms on every page of the list, and asks for the ID of one of two with the same name', async () => {
  const stage = await scene({
    intercept: ({ method, path, query, body }) => {
      if (path === '/api/v1/users' && method === 'POST') {
        return oktaError(400, 'E0000001', `realm ${String(body?.realmId)}`);
      }
      if (path !== '/api/v1/realms') return undefined;
      const page = query.has('after')
        ? ['guo2222222222222222r', 'guo3333333333333333r']
        : ['guo1111111111111111r'];
      const names: Readonly<Record<string, string>> = {
        guo1111111111111111r: 'Twins',
        guo2222222222222222r: 'Twins',
      };
      const response = json(
        200,
        page.map((id) => ({ id, profile: { name: names[id] ?? 'Last' } })),
      );
      if (query.has('after')) return response;
      const link = '<https://acme.okta.com/api/v1/realms?after=1&limit=200>; rel="next"';
      return { ...response, headers: { ...response.headers, link } };
    },
  });
  const file = stage.at.file('people.csv', peopleOf('realm', 'Last', 'Twins'));

  await stage.run('import', file, '--run-id=it');

  const { results } = stage.at.run('it');
  expect(results[0]?.message).toContain('realm guo3333333333333333r');
  expect(results[1]?.message).toBe(
    'realm: The org has 2 realms named "Twins" (guo1111111111111111r, guo2222222222222222r). Use the ID instead.',
  );
});
