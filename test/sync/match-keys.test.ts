import { expect, it } from 'vitest';

import { employee, nightly, type Employee, type Nightly } from '../helpers/nightly.js';

const HEADER = 'login,email,firstName,lastName,employeeNumber,title';

/** A night without passwords, which no odd key must be part of. */
function night(
  org: Nightly,
  people: readonly Employee[],
  ...args: readonly string[]
): ReturnType<Nightly['run']> {
  const rows = people.map(({ login, firstName, lastName, employeeNumber, title }) =>
    [login, login, firstName, lastName, `"${employeeNumber.replaceAll('"', '""')}"`, title].join(),
  );
  const file = org.at.file('people.csv', `${[HEADER, ...rows].join('\n')}\n`);
  const always = ['--dataset=staff', '--match=employeeNumber', '--leavers=deactivate', '--yes', '--json'];
  return org.run(['sync', file, ...always, ...args]);
}

const withKeys = (...keys: readonly string[]): Employee[] =>
  keys.map((employeeNumber, index) => employee(index + 1, { employeeNumber }));

it('keys that differ in case, zeros or quotes are of different people, night after night', async () => {
  const org = await nightly();
  const people = withKeys('ab1', 'AB1', '0042', '42', 'a"b', String.raw`a\b`, 'a b', '甲-7', 'x'.repeat(100));

  expect(org.sync(await night(org, people))).toMatchObject({ joiners: 9 });
  const same = await night(org, people);
  expect(same).toMatchObject({ exitCode: 0 });
  expect(org.sync(same)).toMatchObject({ joiners: 0, movers: 0, leavers: 0 });
  const moved = await night(
    org,
    people.map((one) => ({ ...one, title: 'Chief' })),
  );
  expect(org.sync(moved)).toMatchObject({ joiners: 0, movers: 9 });
});

it('a key that is written in another Unicode form, or with spaces around it, is of the same person', async () => {
  const org = await nightly();
  await night(org, withKeys('Zo\u{E9}-1', 'No\u{EB}l-2'));

  const next = await night(org, withKeys('Zoe\u{301}-1', '  No\u{EB}l-2 '));

  expect(next).toMatchObject({ exitCode: 0 });
  expect(org.sync(next)).toMatchObject({ joiners: 0, leavers: 0 });
  const twice = await night(org, withKeys('Zo\u{E9}-1', 'No\u{EB}l-2', 'Zoe\u{301}-1'), '--run-id=twice');
  expect(twice).toMatchObject({ exitCode: 1 });
  expect(org.at.run('twice').results.map(({ status }) => status)).toEqual([
    'invalid',
    'unchanged',
    'invalid',
  ]);
});

it('a night whose file has lost the zeros of all keys changes no one and deactivates no one', async () => {
  const org = await nightly();
  await night(org, withKeys('0011', '0012', '0013'));
  const before = org.okta.users();

  const damaged = await night(org, withKeys('11', '12', '13'), '--run-id=damaged');

  expect(damaged).toMatchObject({ exitCode: 1 });
  expect(org.at.run('damaged').results.map(({ errorCode }) => errorCode)).toEqual(
    Array.from({ length: 3 }, () => 'login-of-other-person'),
  );
  expect(org.okta.users()).toEqual(before);
  expect(org.sync(await night(org, withKeys('0011', '0012', '0013')))).toMatchObject({ movers: 0 });
});

it('an edit in Okta with which the file agrees later is no edit any more', async () => {
  const org = await nightly();
  await night(org, [employee(1)]);
  await org.edit('person1@example.com', { title: 'Chief' });
  expect(org.sync(await night(org, [employee(1)]))).toMatchObject({ keptEdits: 1, movers: 0 });

  const agreed = await night(org, [employee(1, { title: 'Chief' })]);
  expect(org.sync(agreed)).toMatchObject({ keptEdits: 0, movers: 0 });

  const back = await night(org, [employee(1)]);
  expect(org.sync(back)).toMatchObject({ keptEdits: 0, movers: 1 });
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Clerk');
});
