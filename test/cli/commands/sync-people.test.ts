import { expect, it } from 'vitest';

import { employee, nightly, staff, type Nightly } from '../../helpers/nightly.js';

it('a leaver whom an admin has brought back, and who was in the file again, is suspended when the file lacks the person again', async () => {
  const org = await nightly();
  await org.night(staff(6));
  await org.night(staff(5), ['--leavers=suspend']);
  await lifecycle(org, 'person6@example.com', 'unsuspend');
  await org.night(staff(6), ['--leavers=suspend']);

  await org.night(staff(5), ['--leavers=suspend']);

  expect(statusOf(org, 'person6@example.com')).toBe('SUSPENDED');
});

it('values that could not be written to a deactivated user are written when --reactivate activates it', async () => {
  const org = await nightly();
  await org.night(staff(6));
  await org.night(staff(5), ['--leavers=deactivate', '--yes']);
  const back = [...staff(5), employee(6, { title: 'Boss' })];

  const left = await org.night(back, ['--run-id=left']);
  expect(org.okta.ledger.requests({ operation: 'updateUser' })).toBe(0);
  expect(left.stderr).toContain('Use --reactivate to activate it.');

  const reactivated = await org.night(back, ['--reactivate']);
  expect(org.sync(reactivated)).toMatchObject({ returners: 1, keptEdits: 0 });
  expect(org.okta.findUser('person6@example.com')).toMatchObject({
    status: 'ACTIVE',
    profile: { title: 'Boss' },
  });
});

it('a returner with a new login gets it', async () => {
  const org = await nightly();
  await org.night(staff(6));
  await org.night(staff(5), ['--leavers=suspend']);

  const back = await org.night([...staff(5), employee(6, { login: 'new6@example.com' })]);

  expect(org.sync(back)).toMatchObject({ returners: 1, renames: 1, joiners: 0 });
  expect(statusOf(org, 'new6@example.com')).toBe('ACTIVE');
  expect(org.okta.users()).toHaveLength(6);
});

it('an employee number that was corrected in the file is a problem and no leaver, and the same person once Okta has it too', async () => {
  const org = await nightly();
  await org.night(staff(20));
  const { id } = org.okta.findUser('person20@example.com')!;
  const corrected = [...staff(19), employee(20, { employeeNumber: '2020', title: 'Boss' })];

  const first = await org.night(corrected, ['--leavers=suspend', '--run-id=first']);
  expect(first).toMatchObject({ exitCode: 1 });
  expect(org.sync(first)).toMatchObject({ leavers: 0, joiners: 0 });
  expect(org.at.run('first').results[19]?.message).toContain(
    'The login "person20@example.com" belongs to a user who has employeeNumber "1020".',
  );
  await org.edit('person20@example.com', { employeeNumber: '2020' });

  const second = await org.night(corrected, ['--leavers=suspend']);
  expect(org.sync(second)).toMatchObject({ movers: 1, joiners: 0, leavers: 0, adopted: 0 });
  expect(org.okta.findUser('person20@example.com')).toMatchObject({ id, profile: { title: 'Boss' } });
  const third = await org.night(staff(19), ['--leavers=suspend']);
  expect(org.sync(third)).toMatchObject({ leavers: 1 });
  expect(statusOf(org, 'person20@example.com')).toBe('SUSPENDED');
});

it('an adopted user gets the login of the file, and one who is only matched keeps its own', async () => {
  const seed = {
    users: [{ profile: { ...employee(1), login: 'old1@example.com', email: 'old1@example.com' } }],
  };
  const org = await nightly({ seed });

  const matched = await org.night(staff(1), ['--run-id=matched']);
  expect(org.sync(matched)).toMatchObject({ adopted: 0, joiners: 0 });
  expect(org.okta.findUser('old1@example.com')).toBeDefined();
  expect(matched.stderr).toContain('keeps its login "old1@example.com"');

  const adopted = await org.night(staff(1), ['--adopt-existing']);
  expect(org.sync(adopted)).toMatchObject({ adopted: 1, renames: 1 });
  expect(org.okta.findUser('person1@example.com')).toBeDefined();
  expect(org.sync(await org.night(staff(1)))).toMatchObject({ movers: 0, keptEdits: 0 });
});

it('a login that another user has is a problem, also in the plan, unless the same file gives that user another one', async () => {
  const org = await nightly();
  await org.night(staff(2));
  const taken = [employee(1, { login: 'person2@example.com', title: 'Boss' }), employee(2)];

  for (const args of [['--run-id=plan', '--dry-run'], ['--run-id=taken']]) {
    expect(await org.night(taken, args)).toMatchObject({ exitCode: 1 });
  }
  for (const run of ['plan', 'taken']) {
    expect(org.at.run(run).results[0]).toMatchObject({
      status: 'invalid',
      message:
        'login: The login "person2@example.com" belongs to a user who has employeeNumber "1002" and keeps it in this run. Give that user another login in Okta, or correct the row.',
    });
  }
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Clerk');

  const free = [taken[0]!, employee(2, { login: 'two@example.com' })];
  expect(await org.night(free)).toMatchObject({ exitCode: 0 });
  expect(org.okta.findUser('person2@example.com')?.profile).toMatchObject({
    employeeNumber: '1001',
    title: 'Boss',
  });
  expect(org.okta.findUser('two@example.com')?.profile['employeeNumber']).toBe('1002');
});

it.each([
  ['first to last', false],
  ['last to first', true],
])(
  'logins move to other people in one night, with rows from the %s, and back with undo',
  async (_, isReversed) => {
    const org = await nightly({ latencyMs: { min: 0, max: 20 } });
    await org.night(staff(4));
    const logins = (): string[] =>
      org.okta
        .users()
        .map(({ profile }) => `${String(profile['employeeNumber'])} ${profile.login}`)
        .toSorted();
    const before = logins();
    const handedOn = [
      employee(5, { login: 'person1@example.com' }),
      employee(1, { login: 'person2@example.com' }),
      employee(2, { login: 'person3@example.com' }),
      employee(3, { login: 'new@example.com' }),
      employee(4),
    ];

    const night = await org.night(isReversed ? handedOn.toReversed() : handedOn);

    expect(night).toMatchObject({ exitCode: 0 });
    expect(org.sync(night)).toMatchObject({ joiners: 1, renames: 3 });
    expect(logins()).toEqual([
      '1001 person2@example.com',
      '1002 person3@example.com',
      '1003 new@example.com',
      '1004 person4@example.com',
      '1005 person1@example.com',
    ]);
    expect(await org.run(['undo', 'last', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(logins()).toEqual(before);
  },
);

it('two people cannot exchange their logins, and get them once one of them has another login', async () => {
  const org = await nightly();
  await org.night(staff(2));
  const exchanged = [
    employee(1, { login: 'person2@example.com' }),
    employee(2, { login: 'person1@example.com' }),
  ];

  expect(await org.night(exchanged)).toMatchObject({ exitCode: 1 });
  await org.edit('person2@example.com', { login: 'for-now@example.com' });
  expect(await org.night(exchanged)).toMatchObject({ exitCode: 0 });

  expect(org.okta.findUser('person2@example.com')?.profile['employeeNumber']).toBe('1001');
  expect(org.okta.findUser('person1@example.com')?.profile['employeeNumber']).toBe('1002');
});

it('the login of a deactivated user is reported as taken, not as breaking the rules of the org', async () => {
  const org = await nightly();
  await org.night(staff(2));
  await org.call('POST', `/users/${org.okta.findUser('person2@example.com')?.id}/lifecycle/deactivate`);

  // With so many joiners, the users of the org are listed, and lists lack deactivated ones.
  const night = await org.night([employee(1, { login: 'person2@example.com' }), ...staff(9).slice(2)]);

  expect(night.stderr).toContain(
    'This login already exists in Okta. A deactivated user keeps it until deleted.',
  );
});

it('undo of a night that adopted users takes the adoption back', async () => {
  const org = await nightly({ seed: { users: [{ profile: { ...employee(1), email: employee(1).login } }] } });
  await org.night(staff(3), ['--adopt-existing', '--run-id=adoption']);
  await org.run(['undo', 'adoption', '--yes']);

  const without = await org.night([employee(2)], ['--leavers=suspend', '--accept=size']);

  expect(org.sync(without)).toMatchObject({ joiners: 1, leavers: 0 });
  expect(statusOf(org, 'person1@example.com')).toBe('ACTIVE');
});

it('undo of an older night gives back only what that night changed', async () => {
  const org = await nightly();
  await org.night(staff(2));
  await org.night([employee(1, { title: 'Boss' }), employee(2)], ['--run-id=older']);
  await org.night([employee(1, { title: 'Boss', lastName: 'Berg' }), employee(2)]);
  await org.edit('person1@example.com', { lastName: 'Berg-Ek' });

  expect(await org.run(['undo', 'older', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(org.okta.findUser('person1@example.com')?.profile).toMatchObject({
    title: 'Clerk',
    lastName: 'Berg-Ek',
  });

  const next = await org.night([employee(1, { title: 'Boss', lastName: 'Berg' }), employee(2)]);
  expect(org.sync(next)).toMatchObject({ movers: 1, keptEdits: 1 });
  expect(org.okta.findUser('person1@example.com')?.profile).toMatchObject({
    title: 'Boss',
    lastName: 'Berg-Ek',
  });
});

it('undo prints before and after what it cannot give back to users whom the run deactivated', async () => {
  const org = await nightly();
  await org.night(staff(6));
  await org.night(staff(5), ['--leavers=deactivate', '--yes', '--run-id=night']);
  const loss =
    'Cannot be restored: the passwords and factors of 1 user whom the run deactivated (person6@example.com).';

  const plan = await org.run(['undo', 'night']);
  expect(plan.stderr).toContain('1 user that it updated will be restored, 1 of them to the former status.');
  expect(plan.stderr).toContain(loss);

  const undone = await org.run(['undo', 'night', '--yes']);
  expect(undone.stderr.split(loss)).toHaveLength(3);
  expect(statusOf(org, 'person6@example.com')).not.toBe('DEPROVISIONED');
});

it('results.csv says what was changed, what was kept, and why a user was suspended or left alone', async () => {
  const org = await nightly();
  await org.night(staff(8));
  await org.edit('person1@example.com', { title: 'Edited' });
  await org.edit('person2@example.com', { title: 'Edited' });
  const people = [employee(1), employee(2, { lastName: 'Berg' }), ...staff(7).slice(2)];

  await org.night(people, ['--leavers=suspend', '--run-id=night']);
  const messages = org.at.run('night').results.map(({ status, message }) => [status, message]);
  expect(messages.slice(0, 3)).toEqual([
    ['unchanged', 'kept: title'],
    ['updated', 'lastName; kept: title'],
    ['unchanged', ''],
  ]);
  expect(messages.at(-1)).toEqual(['suspended', 'Not in the file.']);

  await org.night(people.slice(0, -1), ['--run-id=listed']);
  expect(org.at.run('listed').results.at(-1)).toMatchObject({
    status: 'leaver',
    message: 'Not in the file. Use --leavers suspend or deactivate to act on leavers.',
  });
});

it('a run that --max-failures stops acts on no leaver, and the next night does', async () => {
  const org = await nightly();
  await org.night(staff(20));
  const bad = [...staff(18), employee(21, { login: 'person1@example.com' })];

  const stopped = await org.night(bad, ['--leavers=suspend', '--max-failures=0']);
  expect(stopped).toMatchObject({ exitCode: 3 });
  expect(statusOf(org, 'person19@example.com')).toBe('ACTIVE');

  expect(org.sync(await org.night(staff(18), ['--leavers=suspend']))).toMatchObject({ leavers: 2 });
  expect(statusOf(org, 'person19@example.com')).toBe('SUSPENDED');
});

it.each([
  ['suspend', 'unsuspend', 'was unsuspended since the run'],
  ['deactivate', 'activate', 'was activated since the run'],
])(
  'verify of a night that used --leavers %s reports only a user whose status is another one',
  async (leavers, operation, difference) => {
    const org = await nightly();
    await org.night(staff(6));
    await org.night(staff(5), [`--leavers=${leavers}`, '--yes', '--run-id=night']);

    expect(await org.run(['verify', 'night'])).toMatchObject({ exitCode: 0 });

    await lifecycle(org, 'person6@example.com', operation);
    const changed = await org.run(['verify', 'night', '--json']);
    expect(changed).toMatchObject({ exitCode: 1 });
    expect(JSON.parse(changed.stdout)).toMatchObject({
      differences: [{ login: 'person6@example.com', difference }],
    });
  },
);

it('the stop of a run that looks like a mistake has the whole command that lets it pass', async () => {
  const org = await nightly();
  await org.night(staff(10));

  const stopped = await org.night([], ['--leavers=suspend', '--accept=columns']);

  expect(stopped).toMatchObject({ exitCode: 3 });
  expect(stopped.stderr).toMatch(
    /okta-csv-import sync people\.csv --dataset=staff --match=employeeNumber --json --leavers=suspend --accept leavers,size,columns\n/,
  );
});

function statusOf({ okta }: Nightly, login: string): string | undefined {
  return okta.findUser(login)?.status;
}

/** A change of status by an admin in Okta. */
async function lifecycle(org: Nightly, login: string, operation: string): Promise<void> {
  await org.call('POST', `/users/${org.okta.findUser(login)?.id}/lifecycle/${operation}`);
}

it('no leaver is acted on in a night whose file has problems in more rows than --max-failures, by default 10%', async () => {
  const org = await nightly();
  await org.night(staff(20));
  const bad = staff(19).map((person, index) =>
    index < 3 ? { ...person, login: `person ${index}` } : person,
  );

  const night = await org.night(bad, ['--leavers=suspend']);

  expect(night).toMatchObject({ exitCode: 1 });
  expect(night.stderr).toContain('3 of 19 rows have problems: no leaver is acted on in this run.');
  expect(org.okta.findUser('person20@example.com')?.status).toBe('ACTIVE');

  await org.night(bad, ['--leavers=suspend', '--max-failures=20%']);
  expect(org.okta.findUser('person20@example.com')?.status).toBe('SUSPENDED');
});
