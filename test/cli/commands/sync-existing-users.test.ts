import { expect, it } from 'vitest';

import { employee, nightly, staff, staffCsv, type Nightly } from '../../helpers/nightly.js';

/** Employees who were in Okta before the first night. */
function existing(count: number): Promise<Nightly> {
  const users = staff(count).map((person) => ({ profile: { ...person, email: person.login } }));
  return nightly({ seed: { users } });
}

it('says how many users of the file were in Okta before, and are no leavers without --adopt-existing', async () => {
  const org = await existing(6);
  const file = org.at.file('people.csv', staffCsv(staff(8)));
  const args = ['sync', file, '--dataset=staff', '--match=employeeNumber'];
  const hint =
    '6 users of the file were in Okta before and do not belong to data set "staff". They are updated, but never treated as leavers. To manage them as well, run once with --adopt-existing.';

  expect((await org.run([...args, '--dry-run'])).stderr).toContain(hint);
  expect((await org.run(args)).stderr).toContain(hint);
  expect((await org.run([...args, '--quiet'])).stderr).toBe('');
  expect((await org.run([...args, '--adopt-existing'])).stderr).not.toContain('in Okta before');
  expect((await org.run(args)).stderr).not.toContain('in Okta before');
});

it('a row with another user type than its user is a problem, and its person is no leaver', async () => {
  const org = await nightly({
    seed: { users: [], userTypes: [{ name: 'contractor', displayName: 'Contractor' }] },
  });
  const night = (type: string, ...more: readonly string[]): ReturnType<Nightly['run']> => {
    const file = org.at.file(
      'people.csv',
      `login,email,firstName,lastName,employeeNumber,type,title\nann@example.com,ann@example.com,Ann,Lee,1,${type},Clerk\n`,
    );
    const args = ['--dataset=staff', '--match=employeeNumber', '--leavers=suspend', '--run-id=it'];
    return org.run(['sync', file, ...args, ...more]);
  };
  await night('contractor', '--run-id=first');

  for (const dryRun of [['--dry-run', '--run-id=plan'], []]) {
    const result = await night('user', ...dryRun);

    expect(result).toMatchObject({ exitCode: 1 });
    expect(result.stderr).toContain('has another user type');
  }
  expect(org.at.run('it').results).toMatchObject([{ status: 'invalid', errorCode: 'other-type' }]);
  expect(org.okta.findUser('ann@example.com')?.status).not.toBe('SUSPENDED');
});

it('a dry run names the changes that Okta may refuse, since the profile comes from a directory', async () => {
  const { login, ...names } = employee(1);
  const org = await nightly({
    seed: {
      users: [
        {
          profile: { ...names, login, email: login },
          directory: { type: 'ACTIVE_DIRECTORY', name: 'corp.example.com' },
        },
      ],
    },
  });
  const file = org.at.file('people.csv', staffCsv([employee(1, { title: 'Chief' })]));

  const plan = await org.run(['sync', file, '--dataset=staff', '--match=employeeNumber', '--dry-run']);

  expect(plan.stderr).toContain(
    'comes from Active Directory "corp.example.com". Okta may refuse to change title.',
  );
});

it('the counts are those of people for whom something was done, also in a report that is made again', async () => {
  const org = await nightly({
    faults: [{ on: 'createUser', login: 'person2@example.com', then: 'okta-error', errorCode: 'E0000001' }],
  });

  const night = await org.night(staff(3), ['--run-id=it']);

  expect(org.sync(night)).toMatchObject({ joiners: 2, adopted: 0 });
  await org.run(['report', 'it']);
  expect(org.at.run('it').summary.sync).toEqual(org.sync(night));
});

it('a run that a canary stopped before any write counts no joiners', async () => {
  const org = await nightly();

  const night = await org.night([employee(1, { firstName: '' }), ...staff(8).slice(1)], ['--canary=2']);

  expect(night).toMatchObject({ exitCode: 3 });
  expect(org.sync(night)).toMatchObject({ joiners: 0 });
  expect(org.okta.users()).toEqual([]);
  expect(org.sync(await org.night(staff(8), ['--canary=2']))).toMatchObject({ joiners: 8 });
});

it('a leaver whom Okta cannot suspend is a warning, in the plan as well', async () => {
  const org = await nightly();
  const night = (people: readonly string[], ...args: readonly string[]): ReturnType<Nightly['run']> => {
    const rows = people.map((name) => `${name}@example.com,${name}@example.com,${name},Okoro,${name}\n`);
    const file = org.at.file('people.csv', `login,email,firstName,lastName,employeeNumber\n${rows.join('')}`);
    return org.run(['sync', file, '--dataset=staff', '--match=employeeNumber', '--accept=size', ...args]);
  };
  await night(['ada', 'bo']);
  const message =
    '  1 person: Not in the file. Okta suspends only active users, and this one is PROVISIONED. Deactivate the user, or use --leavers deactivate.\n      bo@example.com';

  expect((await night(['ada'], '--leavers=suspend', '--dry-run')).stderr).toContain(message);
  expect((await night(['ada'], '--leavers=suspend')).stderr).toContain(message);
  expect((await night(['ada'], '--leavers=deactivate', '--yes')).stderr).not.toContain('suspends only');
  expect(org.okta.findUser('bo@example.com')?.status).toBe('DEPROVISIONED');
});

it('the first leavers who are deactivated need a confirmation, however many nights without leavers came before', async () => {
  const org = await nightly();
  const args = ['--leavers=deactivate', '--accept=size'];
  await org.night(staff(4));
  await org.night(staff(4), args);

  const unconfirmed = await org.night(staff(3), args);
  expect(unconfirmed).toMatchObject({ exitCode: 2 });
  expect(unconfirmed.stderr).toContain('must be confirmed. Use --yes.');
  expect(org.okta.users().every(({ status }) => status === 'ACTIVE')).toBe(true);

  expect(await org.night(staff(3), [...args, '--yes'])).toMatchObject({ exitCode: 0 });
  expect(await org.night(staff(2), args)).toMatchObject({ exitCode: 0 });
  expect(org.okta.users().filter(({ status }) => status === 'DEPROVISIONED')).toHaveLength(2);
});
