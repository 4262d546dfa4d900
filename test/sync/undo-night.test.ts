import { expect, it } from 'vitest';

import { nightly, type Nightly } from '../helpers/nightly.js';

const COLUMNS = 'login,email,firstName,lastName,employeeNumber,title,department,password,groups';

interface Person {
  readonly number: number;
  readonly login?: string;
  readonly title?: string;
  readonly department?: string;
  readonly group?: string;
}

function csv(people: readonly Person[]): string {
  const rows = people.map(
    ({ number, login = `p${number}@example.com`, title = 'Clerk', department = '', group = 'Dept A' }) =>
      [
        login,
        login,
        `Given${number}`,
        `Śmith-${number}`,
        `00${number}`,
        title,
        department,
        'Pw-of-2026-x',
        group,
      ].join(),
  );
  return `${[COLUMNS, ...rows].join('\n')}\n`;
}

/** Every profile, status and membership of the org, as text. */
function everything({ okta }: Nightly): string {
  const users = okta
    .users()
    .map((user) => [
      user.id,
      user.status,
      Object.entries(user.profile).toSorted(([one], [other]) => (one < other ? -1 : 1)),
      okta.groupsOf(user.profile.login).toSorted(),
    ]);
  return users
    .map((user) => JSON.stringify(user))
    .toSorted()
    .join('\n');
}

it('the undo of a night gives back every profile, status and membership, to the letter', async () => {
  const org = await nightly({
    seed: {
      groups: ['Dept A', 'Dept B', 'Book club'].map((name) => ({ name })),
      users: [
        {
          profile: {
            login: 'vera@example.com',
            email: 'vera@example.com',
            firstName: 'Vera',
            lastName: 'Okonkwo',
            employeeNumber: '00500',
            title: 'Head of Ω',
          },
        },
      ],
    },
  });
  const args = ['--dataset=staff', '--match=employeeNumber', '--leavers=suspend', '--managed-groups=Dept *'];
  const more = ['--adopt-existing', '--reactivate', '--clear-empty', '--max-changes=100', '--json'];
  const night = (people: readonly Person[], ...rest: readonly string[]): ReturnType<Nightly['run']> =>
    org.run(['sync', org.at.file('people.csv', csv(people)), ...args, ...more, ...rest]);
  const first = [1, 2, 3, 4, 5, 6, 7].map((number) => ({ number, department: 'Zürich' }));
  await night(first);
  await night(first.slice(0, 6), '--accept=size');
  await org.edit('p5@example.com', { title: 'Edited by hand', nickName: 'Fünf' });
  const before = everything(org);

  const tonight = await night(
    [
      { number: 1, login: 'new.name@example.com', department: 'Zürich' },
      { number: 2, title: 'Chief', department: '' },
      { number: 3, department: 'Zürich', group: 'Dept B' },
      { number: 5, department: 'Oslo' },
      { number: 6, department: 'Zürich', group: 'Book club' },
      { number: 7, department: 'Zürich' },
      { number: 8 },
      { number: 500, login: 'vera@example.com' },
    ],
    '--run-id=tonight',
  );

  expect(tonight).toMatchObject({ exitCode: 0 });
  expect(org.sync(tonight)).toMatchObject({
    joiners: 1,
    renames: 1,
    leavers: 1,
    returners: 1,
    adopted: 1,
    keptEdits: 1,
  });
  expect(everything(org)).not.toBe(before);
  const undone = await org.run(['undo', 'tonight', '--yes']);
  expect(undone).toMatchObject({ exitCode: 0 });
  expect(undone.stderr).not.toContain('Cannot be restored');
  expect(everything(org)).toBe(before);

  const next = await night(first.slice(0, 6));
  expect(next).toMatchObject({ exitCode: 0 });
  expect(org.sync(next)).toMatchObject({ joiners: 0, movers: 0, leavers: 0, keptEdits: 1 });
  expect(everything(org)).toBe(before);
});
