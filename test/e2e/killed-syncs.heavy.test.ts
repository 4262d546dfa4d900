import { describe, expect, it } from 'vitest';

import { orgSettings } from '../helpers/cli.js';
import { fastWaits } from '../helpers/fast-waits.js';
import { killAt, type Moment } from '../helpers/killed-cli.js';
import { employee, nightly, staff, staffCsv, type Employee, type Nightly } from '../helpers/nightly.js';
import { until } from '../helpers/until.js';

const ARGS = ['--dataset=staff', '--match=employeeNumber', '--leavers=suspend'];

/** Two joiners, two movers, a rename, two leavers, a returner, and an edit in Okta that is kept. */
const TONIGHT: readonly Employee[] = [
  employee(1, { login: 'renamed1@example.com', lastName: 'Berg' }),
  employee(2, { title: 'Boss' }),
  employee(3, { title: 'Chief' }),
  employee(6),
  employee(7),
  employee(8),
  employee(9),
  employee(10),
];

const MOMENTS: readonly Moment[] = [
  // The first line of the journal, and the state that says that the run has begun.
  { is: 'after', step: 'journal', nth: 1 },
  { is: 'before', step: 'state', nth: 1 },
  { is: 'after', step: 'state', nth: 1 },
  // Of changes, then creates, then leavers, one after the other.
  ...[1, 4, 6].map((nth) => ({ is: 'after', step: 'request', nth }) as const),
  ...[2, 5, 10, 13].map((nth) => ({ is: 'before', step: 'journal', nth }) as const),
  ...[6, 16].map((nth) => ({ is: 'after', step: 'journal', nth }) as const),
  // The state after the last row, and the end of the run.
  { is: 'before', step: 'state', nth: 2 },
  { is: 'after', step: 'state', nth: 2 },
];

describe.each(titled(MOMENTS))('a sync that is killed %s', (_, moment) => {
  it('comes to the same end by resume, which reports the whole run', async () => {
    const org = await killedNight(moment);

    const resumed = await org.run(['resume', 'killed', '--json']);

    expect(resumed).toMatchObject({ exitCode: 0 });
    expect(org.sync(resumed)).toEqual({
      dataset: 'staff',
      joiners: 2,
      movers: 3,
      renames: 1,
      keptEdits: 1,
      leavers: 2,
      returners: 1,
      adopted: 0,
    });
    expect(org.at.run('killed').results).toHaveLength(TONIGHT.length + 2);
    await expectSameEnd(org);
  });

  it('comes to the same end by the next night', async () => {
    const org = await killedNight(moment);

    expect(await org.night(TONIGHT, ['--leavers=suspend'])).toMatchObject({ exitCode: 0 });

    await expectSameEnd(org);
  });
});

it('a sync that is killed before its journal has a line is done by the next night', async () => {
  const org = await killedNight({ is: 'before', step: 'journal', nth: 1 });

  expect(await org.night(TONIGHT, ['--leavers=suspend'])).toMatchObject({ exitCode: 0 });

  await expectSameEnd(org);
});

describe.each(
  titled([
    { is: 'after', step: 'journal', nth: 1 },
    { is: 'before', step: 'state', nth: 1 },
    { is: 'after', step: 'request', nth: 2 },
  ]),
)('the first sync of a data set that is killed %s', (_, moment) => {
  it.each(['resume', 'the next night'])('comes to the same end by %s', async (ending) => {
    const org = await nightly({ latencyMs: 2 });
    const file = org.at.file('people.csv', staffCsv(staff(4)));
    const options = { at: org.at, env: orgSettings(org.okta) };
    const args = ['sync', file, ...ARGS, '--run-id=killed', '--concurrency=1'];
    expect(await killAt(moment, args, options), 'the moment is reached').toBe(true);

    const ended =
      ending === 'resume' ? await org.run(['resume', 'killed', '--json']) : await org.night(staff(4));

    expect(ended).toMatchObject({ exitCode: 0 });
    const without = await org.night(staff(2), ['--accept=size']);
    expect(org.sync(without)).toMatchObject({ joiners: 0, movers: 0, leavers: 2 });
  });
});

it('a value that was being written when the run was killed is written again when the file is corrected', async () => {
  const org = await someNightsLater();
  const wrong = staff(7).map((person) => ({ ...person, title: 'Wrong' }));
  const file = org.at.file('people.csv', staffCsv(wrong));
  const options = { at: org.at, env: orgSettings(org.okta) };
  const moment: Moment = { is: 'after', step: 'request', nth: 1 };
  expect(await killAt(moment, ['sync', file, ...ARGS, '--concurrency=1'], options)).toBe(true);
  await until(() => org.okta.findUser('person1@example.com')?.profile['title'] === 'Wrong');

  await org.night(staff(7));

  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Clerk');
  expect(org.okta.findUser('person7@example.com')?.profile['title']).toBe('Edited');
});

it.each([
  ['suspend', 'SUSPENDED'],
  ['deactivate', 'DEPROVISIONED'],
] as const)(
  'a run that is killed right after Okta got a %s knows it the next night',
  async (leavers, status) => {
    const org = await nightly({ latencyMs: 2 });
    await org.night(staff(10));
    const flags = [`--leavers=${leavers}`, '--yes', '--reactivate'];
    const file = org.at.file('people.csv', staffCsv(staff(9)));
    const options = { at: org.at, env: orgSettings(org.okta) };
    const moment: Moment = { is: 'after', step: 'request', nth: 1 };
    const args = ['sync', file, '--dataset=staff', '--match=employeeNumber', ...flags];
    expect(await killAt(moment, args, options)).toBe(true);
    const statusOf = (): string | undefined => org.okta.findUser('person10@example.com')?.status;
    await until(() => statusOf() === status);

    const missing = await org.night(staff(9), flags);
    expect(org.sync(missing)).toMatchObject({ leavers: 0 });
    expect(statusOf()).toBe(status);
    const back = await org.night(staff(10), flags);
    expect(org.sync(back)).toMatchObject({ returners: 1 });
    expect(statusOf()).toBe('ACTIVE');
  },
);

const UNDO_MOMENTS: readonly Moment[] = [
  { is: 'before', step: 'state', nth: 1 },
  { is: 'after', step: 'state', nth: 1 },
  ...[1, 6].map((nth) => ({ is: 'after', step: 'request', nth }) as const),
  ...[4, 9].map((nth) => ({ is: 'before', step: 'journal', nth }) as const),
  { is: 'before', step: 'state', nth: 2 },
  { is: 'after', step: 'state', nth: 2 },
];

describe.each(titled(UNDO_MOMENTS))('the undo of a sync that is killed %s', (_, moment) => {
  it('is completed when it is run again, and the next night does the same again', async () => {
    const org = await someNightsLater();
    const before = peopleOf(org);
    await org.night(TONIGHT, ['--leavers=suspend', '--run-id=night']);
    const options = { at: org.at, env: orgSettings(org.okta) };
    expect(await killAt(moment, ['undo', 'night', '--yes', '--concurrency=1'], options)).toBe(true);

    const undone = await org.run(['undo', 'night', '--yes']);

    expect(undone).toMatchObject({ exitCode: 0 });
    expect(peopleOf(org)).toEqual(before);
    expect(await org.night(TONIGHT, ['--leavers=suspend'])).toMatchObject({ exitCode: 0 });
    await expectSameEnd(org);
  });
});

it('no night runs until an undo that was killed is completed', async () => {
  const org = await someNightsLater();
  await org.night(TONIGHT, ['--leavers=suspend', '--run-id=night']);
  const options = { at: org.at, env: orgSettings(org.okta) };
  const undo = ['undo', 'night', '--yes', '--concurrency=1'];
  expect(await killAt({ is: 'after', step: 'request', nth: 2 }, undo, options)).toBe(true);

  const meanwhile = await org.night(TONIGHT, ['--leavers=suspend']);

  expect(meanwhile).toMatchObject({ exitCode: 2, stdout: '' });
  expect(meanwhile.stderr).toContain('The undo of run night of data set "staff" did not come to its end.');
  expect(meanwhile.stderr).toMatch(/okta-csv-import undo \S*reports\/night/);
});

/** With what happens before or after the kill. */
function titled(moments: readonly Moment[]): [string, Moment][] {
  const what = {
    journal: 'line of its journal',
    links: 'write to its file of links',
    state: 'state of its data set',
    request: 'request',
  };
  return moments.map((moment) => [`${moment.is} ${what[moment.step]} ${moment.nth}`, moment]);
}

/** Eight people, one of whom has left, and one whose title was edited in Okta. */
async function someNightsLater(): Promise<Nightly> {
  const org = await nightly({ latencyMs: 2, seed: { users: [STRANGER] }, clock: fastWaits });
  await org.night(staff(8));
  await org.night(staff(7), ['--leavers=suspend']);
  await org.edit('person7@example.com', { title: 'Edited' });
  return org;
}

const STRANGER = {
  profile: {
    login: 'vera@example.com',
    email: 'vera@example.com',
    firstName: 'Vera',
    lastName: 'Stranger',
  },
};

const EXPECTED = [
  ['person10@example.com', 'Last10', 'Clerk', 'ACTIVE'],
  ['person2@example.com', 'Last2', 'Boss', 'ACTIVE'],
  ['person3@example.com', 'Last3', 'Chief', 'ACTIVE'],
  ['person4@example.com', 'Last4', 'Clerk', 'SUSPENDED'],
  ['person5@example.com', 'Last5', 'Clerk', 'SUSPENDED'],
  ['person6@example.com', 'Last6', 'Clerk', 'ACTIVE'],
  ['person7@example.com', 'Last7', 'Edited', 'ACTIVE'],
  ['person8@example.com', 'Last8', 'Clerk', 'ACTIVE'],
  ['person9@example.com', 'Last9', 'Clerk', 'ACTIVE'],
  ['renamed1@example.com', 'Berg', 'Clerk', 'ACTIVE'],
  ['vera@example.com', 'Stranger', undefined, 'ACTIVE'],
];

const WRITES = ['createUser', 'updateUser', 'suspendUser', 'unsuspendUser', 'deactivateUser'] as const;

function peopleOf({ okta }: Nightly): unknown[] {
  return okta
    .users()
    .map(({ status, profile: { login, lastName, title } }) => [login, lastName, title, status])
    .toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1));
}

async function killedNight(moment: Moment): Promise<Nightly> {
  const org = await someNightsLater();
  const file = org.at.file('people.csv', staffCsv(TONIGHT));
  const options = { at: org.at, env: orgSettings(org.okta) };
  const args = ['sync', file, ...ARGS, '--run-id=killed', '--concurrency=1'];
  if (!(await killAt(moment, args, options))) throw new Error('The run ended before it was killed.');
  return org;
}

/** The org, and what the data set knows: another night has nothing to do, and joiners can leave. */
async function expectSameEnd(org: Nightly): Promise<void> {
  expect(peopleOf(org)).toEqual(EXPECTED);
  expect(org.okta.ledger.createsOfTakenLogins).toEqual([]);
  const writes = (): number =>
    WRITES.reduce((sum, operation) => sum + org.okta.ledger.requests({ operation }), 0);
  const before = writes();
  const same = await org.night(TONIGHT, ['--leavers=suspend']);
  expect(same).toMatchObject({ exitCode: 0 });
  expect(org.sync(same)).toMatchObject({
    joiners: 0,
    movers: 0,
    renames: 0,
    keptEdits: 1,
    leavers: 0,
    returners: 0,
  });
  expect(writes()).toBe(before);
  const without = await org.night(TONIGHT.slice(0, -2), ['--leavers=suspend', '--accept=size']);
  expect(org.sync(without)).toMatchObject({ joiners: 0, movers: 0, leavers: 2, returners: 0 });
  expect(peopleOf(org).filter((person) => JSON.stringify(person).includes('SUSPENDED'))).toHaveLength(4);
}
