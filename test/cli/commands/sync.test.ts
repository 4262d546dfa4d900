import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { employee, nightly, staff, staffCsv, type Employee, type Nightly } from '../../helpers/nightly.js';

it('sync creates the people of the first file, and writes nothing when the file is the same the next night', async () => {
  const org = await nightly();

  const first = await org.night(staff(3));
  const second = await org.night(staff(3));

  expect(first).toMatchObject({ exitCode: 0 });
  expect(org.sync(first)).toMatchObject({ joiners: 3, movers: 0, leavers: 0 });
  expect(second).toMatchObject({ exitCode: 0 });
  expect(org.sync(second)).toMatchObject({ joiners: 0, movers: 0, leavers: 0 });
  expect(org.okta.users()).toHaveLength(3);
  expect(org.okta.ledger.requests({ operation: 'createUser' })).toBe(3);
  expect(org.okta.ledger.requests({ operation: 'updateUser' })).toBe(0);
});

it('the state of a data set is private and holds no names, logins or values', async () => {
  const org = await nightly();

  await org.night(staff(3));

  const path = join(org.at.folder, 'reports', 'datasets', 'staff.ndjson');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const state = readFileSync(path, 'utf8');
  for (const secret of ['person1', 'First1', 'Last1', '1001', 'Clerk']) expect(state).not.toContain(secret);
});

it('a new login of the same employee number is a rename, not a second user', async () => {
  const org = await nightly();
  await org.night(staff(2));
  const { id } = org.okta.findUser('person1@example.com')!;

  const married = await org.night([
    employee(1, { login: 'first1.berg@example.com', lastName: 'Berg' }),
    employee(2),
  ]);

  expect(org.sync(married)).toMatchObject({ joiners: 0, movers: 1, renames: 1, leavers: 0 });
  expect(org.okta.users()).toHaveLength(2);
  expect(org.okta.findUser('first1.berg@example.com')).toMatchObject({
    id,
    profile: { lastName: 'Berg', email: 'first1.berg@example.com' },
  });
});

it('a value that was edited in Okta is kept until the file changes it', async () => {
  const org = await nightly();
  await org.night(staff(2));
  await org.edit('person1@example.com', { title: 'Head clerk' });

  const kept = await org.night(staff(2));
  expect(org.sync(kept)).toMatchObject({ keptEdits: 1, movers: 0 });
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Head clerk');

  const changed = await org.night([employee(1, { title: 'Manager' }), employee(2)]);
  expect(org.sync(changed)).toMatchObject({ keptEdits: 0, movers: 1 });
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Manager');
});

it('--override-edits writes the value of the file although only Okta changed it', async () => {
  const org = await nightly();
  await org.night(staff(1));
  await org.edit('person1@example.com', { title: 'Head clerk' });

  const overridden = await org.night(staff(1), ['--override-edits']);

  expect(org.sync(overridden)).toMatchObject({ keptEdits: 0, movers: 1 });
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Clerk');
});

it.each([
  ['list', 'ACTIVE', { leavers: 1 }],
  ['suspend', 'SUSPENDED', { suspended: 1 }],
  ['deactivate', 'DEPROVISIONED', { deactivated: 1 }],
])('--leavers %s leaves a person who is no longer in the file %s', async (leavers, status, counts) => {
  const org = await nightly();
  await org.night(staff(6));

  const night = await org.night(staff(5), [`--leavers=${leavers}`, '--yes']);

  expect(night).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(night.stdout)).toMatchObject({ counts, sync: { leavers: 1 } });
  expect(org.okta.findUser('person6@example.com')?.status).toBe(status);
  expect(org.okta.findUser('person5@example.com')?.status).toBe('ACTIVE');
});

it('a person who was suspended as a leaver is unsuspended when the file has the person again', async () => {
  const org = await nightly();
  await org.night(staff(6));
  await org.night(staff(5), ['--leavers=suspend']);

  const back = await org.night(staff(6), ['--leavers=suspend']);

  expect(org.sync(back)).toMatchObject({ returners: 1, leavers: 0 });
  expect(org.okta.findUser('person6@example.com')?.status).toBe('ACTIVE');
});

it('users who were in Okta before are updated, but never leavers unless --adopt-existing took them over', async () => {
  const org = await nightly({
    seed: { users: [{ profile: { ...profileOf(1), title: 'Old' } }, { profile: profileOf(2) }] },
  });

  const first = await org.night(staff(3));
  expect(org.sync(first)).toMatchObject({ joiners: 1, movers: 1, adopted: 0 });
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Clerk');
  const without = await org.night([employee(3)], ['--accept=size', '--leavers=suspend']);
  expect(org.sync(without)).toMatchObject({ leavers: 0 });

  await org.night(staff(3), ['--adopt-existing']);
  const after = await org.night([employee(3)], ['--accept=size', '--leavers=list']);
  expect(org.sync(after)).toMatchObject({ leavers: 2 });
});

it('an undone night gives back profile, login and status, and the next night does the same again', async () => {
  const org = await nightly();
  await org.night(staff(6));
  const before = texts(org);
  const next = [
    employee(1, { login: 'renamed1@example.com', title: 'Boss' }),
    ...staff(5).slice(1),
    employee(7),
  ];
  await org.night(next, ['--leavers=suspend', '--run-id=night']);
  const after = texts(org);

  expect(await org.run(['undo', 'night', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(texts(org)).toEqual(before);

  const again = await org.night(next, ['--leavers=suspend']);
  expect(org.sync(again)).toMatchObject({ joiners: 1, movers: 1, renames: 1, leavers: 1, keptEdits: 0 });
  // A deleted user comes back under another ID.
  expect(texts(org).map(withoutId)).toEqual(after.map(withoutId));
});

it.each([
  ['too many people have left', staff(33), staff(40), 'leavers', '7 people are no longer in the file'],
  [
    'the file is empty but for its header',
    [],
    staff(10),
    'leavers,size',
    'the file has 0 rows, fewer than --min-rows 1',
  ],
  ['one column was sorted alone', sortedAlone(), titled(), 'changes', 'title would change for'],
])('nothing is written when %s, until --accept lets it pass', async (_, next, first, accept, reason) => {
  const org = await nightly();
  await org.night(first);
  const before = texts(org);

  const plan = await org.night(next, ['--leavers=suspend', '--dry-run']);
  expect(plan).toMatchObject({ exitCode: 3 });
  expect(plan.stderr).toContain('A run would stop before its first write');
  expect(JSON.parse(plan.stdout)).toMatchObject({
    exitCode: 3,
    stoppedBecause: null,
    wouldStopBecause: expect.stringContaining(reason) as string,
  });

  const stopped = await org.night(next, ['--leavers=suspend']);

  expect(stopped).toMatchObject({ exitCode: 3 });
  expect(stopped.stderr).toContain(reason);
  expect(stopped.stderr).toContain(`--accept ${accept}`);
  expect(texts(org)).toEqual(before);

  const acceptance = ['--leavers=suspend', '--accept=leavers,size,changes'];
  const acceptedPlan = await org.night(next, [...acceptance, '--dry-run']);
  expect(acceptedPlan).toMatchObject({ exitCode: 0 });
  expect(acceptedPlan.stdout + acceptedPlan.stderr).not.toMatch(/would ?stop/i);
  expect(await org.night(next, acceptance)).toMatchObject({ exitCode: 0 });
});

it('a dry run shows the plan and changes neither the org nor the data set', async () => {
  const org = await nightly();
  await org.night(staff(6));
  const path = join(org.at.folder, 'reports', 'datasets', 'staff.ndjson');
  const state = readFileSync(path, 'utf8');
  const before = texts(org);

  const plan = await org.night(
    [employee(1, { title: 'Boss' }), ...staff(5).slice(1), employee(7)],
    ['--dry-run'],
  );

  expect(plan).toMatchObject({ exitCode: 0 });
  expect(org.sync(plan)).toMatchObject({ joiners: 1, movers: 1, leavers: 1 });
  expect(texts(org)).toEqual(before);
  expect(readFileSync(path, 'utf8')).toBe(state);
});

it('no leaver is acted on when a row has neither a key nor a known login', async () => {
  const org = await nightly();
  await org.night(staff(20));

  const night = await org.night(
    [...staff(18), employee(20, { employeeNumber: '', login: 'unknown@example.com' })],
    ['--leavers=suspend'],
  );

  expect(night).toMatchObject({ exitCode: 1 });
  expect(night.stderr).toContain('1 of 19 rows have no readable employeeNumber');
  expect(org.okta.users().filter(({ status }) => status === 'SUSPENDED')).toEqual([]);
});

it.each([
  ['an invisible character in the login', 'person4@example.com\u200B'],
  ['a login that is no address', 'person4 at example.com'],
])('no leaver is acted on when a row with %s matches nobody in the data set', async (_, login) => {
  const org = await nightly();
  const night = (people: readonly Employee[]): ReturnType<Nightly['run']> => {
    const file = org.at.file('people.csv', staffCsv(people));
    return org.run(['sync', file, '--dataset=staff', '--leavers=suspend', '--json']);
  };
  await night(staff(20));

  const damaged = await night(staff(20).map((one, index) => (index === 3 ? { ...one, login } : one)));

  expect(damaged).toMatchObject({ exitCode: 1 });
  expect(damaged.stderr).toContain('1 of 20 rows have no readable login');
  expect(org.okta.users().filter(({ status }) => status === 'SUSPENDED')).toEqual([]);
});

it('a person whose row has a problem is no leaver', async () => {
  const org = await nightly();
  await org.night(staff(20));

  const night = await org.night(
    [employee(1, { firstName: '' }), ...staff(20).slice(1)],
    ['--leavers=suspend'],
  );

  expect(org.sync(night)).toMatchObject({ leavers: 0 });
  expect(org.okta.users().filter(({ status }) => status === 'SUSPENDED')).toEqual([]);
});

type Org = Awaited<ReturnType<typeof nightly>>;

/** What undo has to give back: IDs, statuses and profiles. */
function texts({ okta }: Org): string[] {
  return okta
    .users()
    .map(({ id, status, profile }) =>
      JSON.stringify({
        id,
        status,
        profile: Object.entries(profile).toSorted(([one], [other]) => one.localeCompare(other)),
      }),
    )
    .toSorted();
}

function withoutId(text: string): string {
  return text.replace(/"id":"\w+"/, '');
}

function profileOf(number: number): {
  login: string;
  email: string;
  firstName: string;
  lastName: string;
  employeeNumber: string;
  title: string;
} {
  const person = employee(number);
  return { ...person, email: person.login };
}

function titled(): ReturnType<typeof staff> {
  return staff(40).map((person, index) => ({ ...person, title: `Title ${String(99 - index)}` }));
}

function sortedAlone(): ReturnType<typeof staff> {
  const titles = titled()
    .map(({ title }) => title)
    .toSorted();
  return titled().map((person, index) => ({ ...person, title: titles[index]! }));
}

it('a user of a directory gets what Okta masters, and its row names what Okta refuses to change', async () => {
  const { login, ...names } = employee(1);
  const org = await nightly({
    seed: {
      attributes: { desk: { title: 'Desk', type: 'string', master: { type: 'OKTA' } } },
      users: [
        {
          profile: { ...names, login, email: login },
          directory: { type: 'LDAP', name: 'corp' },
        },
      ],
    },
  });
  const file = org.at.file(
    'desks.csv',
    `login,email,firstName,lastName,employeeNumber,title,desk\n${login},${login},First1,Last1,1001,Head clerk,4.17\n`,
  );

  const night = await org.run([
    'sync',
    file,
    '--dataset=staff',
    '--match=employeeNumber',
    '--adopt-existing',
    '--run-id=it',
  ]);

  expect(night.exitCode).toBe(1);
  expect(org.at.run('it').results).toMatchObject([
    {
      status: 'failed',
      errorCode: 'E0000023',
      message:
        'The profile of this user comes from LDAP "corp", and Okta refuses to change title. Change it there.',
    },
  ]);
  expect(org.okta.findUser(login)?.profile).toMatchObject({ title: 'Clerk', desk: '4.17' });
});

it('a user whom Okta created without credentials is not called unchanged the next night', async () => {
  const org = await nightly({ faults: [{ on: 'createUser', nth: 1, then: 'credentials-refused' }] });
  expect(await org.night(staff(1))).toMatchObject({ exitCode: 1 });

  expect(await org.night(staff(1), ['--run-id=second'])).toMatchObject({ exitCode: 1 });
  expect(org.at.run('second').results).toMatchObject([{ errorCode: 'without-credentials' }]);

  const file = org.at.file('mended.csv', staffCsv(staff(1)));
  expect((await org.run(['import', file, '--run-id=mended'])).exitCode).toBe(0);
  expect(org.okta.findUser('person1@example.com')?.status).toBe('ACTIVE');
  expect(await org.night(staff(1))).toMatchObject({ exitCode: 0 });
});

it('a person outside of what the admin may change fails alone', async () => {
  const org = await nightly({
    faults: [{ on: 'createUser', login: 'person1@example.com', then: 'okta-error', errorCode: 'E0000006' }],
  });

  expect(await org.night(staff(3), ['--run-id=it'])).toMatchObject({ exitCode: 1 });
  expect(org.at.run('it').results.map(({ status }) => status)).toEqual(['failed', 'created', 'created']);
});
