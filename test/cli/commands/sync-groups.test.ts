import { expect, it } from 'vitest';

import { nightly, type Nightly } from '../../helpers/nightly.js';

const GROUPS = ['Dept Sales', 'Dept Support', 'Dept (old)', 'VPN'].map((name) => ({ name }));

async function withGroups(): Promise<Nightly> {
  return nightly({ seed: { users: [], groups: GROUPS } });
}

function night(
  org: Nightly,
  groups: Readonly<Record<string, string>>,
  ...args: string[]
): ReturnType<Nightly['run']> {
  const rows = Object.entries(groups).map(
    ([name, list]) => `${name}@example.com,${name}@example.com,${name},Test,${list}\n`,
  );
  const file = org.at.file('people.csv', `login,email,firstName,lastName,groups\n${rows.join('')}`);
  return org.run(['sync', file, '--dataset=staff', '--json', ...args]);
}

it('within the managed groups membership follows the file, and other groups are never left', async () => {
  const org = await withGroups();
  await night(org, { ann: 'Dept Sales;VPN', bo: 'Dept Support' }, '--managed-groups=Dept *');
  expect(org.okta.groupsOf('ann@example.com')).toEqual(['Dept Sales', 'VPN']);

  const moved = await night(
    org,
    { ann: 'Dept Support', bo: '' },
    '--managed-groups=Dept *',
    '--max-changes=9',
  );

  expect(moved).toMatchObject({ exitCode: 0 });
  expect(org.okta.groupsOf('ann@example.com').toSorted()).toEqual(['Dept Support', 'VPN']);
  expect(org.okta.groupsOf('bo@example.com')).toEqual([]);
});

it('without --managed-groups nobody leaves a group', async () => {
  const org = await withGroups();
  await night(org, { ann: 'Dept Sales' });

  await night(org, { ann: 'Dept Support' });

  expect(org.okta.groupsOf('ann@example.com').toSorted()).toEqual(['Dept Sales', 'Dept Support']);
});

it('members of a managed group who are not in the file stay in it', async () => {
  const org = await nightly({
    seed: {
      users: [
        {
          profile: {
            login: 'vera@example.com',
            email: 'vera@example.com',
            firstName: 'Vera',
            lastName: 'Oduya',
          },
          groups: ['Dept Sales'],
        },
      ],
      groups: GROUPS,
    },
  });

  await night(org, { ann: 'Dept Support' }, '--managed-groups=Dept *');

  expect(org.okta.groupsOf('vera@example.com')).toEqual(['Dept Sales']);
});

it('an undone night gives back the groups that were left, and takes back those that were joined', async () => {
  const org = await withGroups();
  await night(org, { ann: 'Dept Sales' }, '--managed-groups=Dept *');
  await night(org, { ann: 'Dept Support;VPN' }, '--managed-groups=Dept *', '--run-id=moved');
  expect(org.okta.groupsOf('ann@example.com').toSorted()).toEqual(['Dept Support', 'VPN']);

  expect(await org.run(['undo', 'moved', '--yes'])).toMatchObject({ exitCode: 0 });

  expect(org.okta.groupsOf('ann@example.com')).toEqual(['Dept Sales']);
});

it('a file whose groups column was emptied is stopped before anybody leaves a group', async () => {
  const org = await withGroups();
  const people = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`p${index}`, 'Dept Sales']));
  await night(org, people, '--managed-groups=Dept *');

  const stopped = await night(
    org,
    Object.fromEntries(Object.keys(people).map((name) => [name, ''])),
    '--managed-groups=Dept *',
  );

  expect(stopped).toMatchObject({ exitCode: 3 });
  expect(stopped.stderr).toContain('groups would change for 25 users');
  expect(org.okta.groupsOf('p1@example.com')).toEqual(['Dept Sales']);
});

it('a file without a column of groups is an error, and nobody leaves a managed group', async () => {
  const org = await withGroups();
  await night(org, { ann: 'Dept Sales' }, '--managed-groups=Dept *');
  const file = org.at.file(
    'people.csv',
    'login,email,firstName,lastName\nann@example.com,ann@example.com,ann,Test\n',
  );

  const stopped = await org.run(['sync', file, '--dataset=staff', '--managed-groups=Dept *']);

  expect(stopped).toMatchObject({ exitCode: 2 });
  expect(stopped.stderr).toContain(
    'No column contains groups, so everyone would leave the --managed-groups.',
  );
  expect(org.okta.groupsOf('ann@example.com')).toEqual(['Dept Sales']);
});

it('memberships of a moment ago are no changes while lists of members lag', async () => {
  const org = await nightly({
    seed: { users: [], groups: GROUPS },
    orgOptions: { memberLagMs: 5000, searchLagMs: 5000 },
  });
  const groups = { ann: 'Dept Sales;VPN', bo: 'Dept Support' };
  await night(org, groups, '--managed-groups=Dept *');
  const same = await night(org, groups, '--managed-groups=Dept *');
  expect(org.sync(same)).toMatchObject({ movers: 0 });

  await night(org, { ann: 'Dept Support', bo: '' }, '--managed-groups=Dept *', '--run-id=moved');
  const again = await night(org, { ann: 'Dept Support', bo: '' }, '--managed-groups=Dept *');
  expect(org.sync(again)).toMatchObject({ movers: 0 });

  await org.run(['undo', 'moved', '--yes']);
  expect(org.okta.groupsOf('ann@example.com').toSorted()).toEqual(['Dept Sales', 'VPN']);
  expect(org.okta.groupsOf('bo@example.com')).toEqual(['Dept Support']);
});
