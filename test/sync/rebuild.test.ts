import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { clockAt } from '../helpers/clock-at.js';
import { employee, nightly, staff, type Nightly } from '../helpers/nightly.js';
import { LAG } from '../helpers/run-nights.js';

function loseState({ at }: Nightly): void {
  rmSync(statePath(at.folder));
}

function statePath(folder: string): string {
  return join(folder, 'reports', 'datasets', 'staff.ndjson');
}

/** As after a kill that came when the requests were under way. */
function loseOutcomes({ at }: Nightly, runId: string): void {
  const path = join(at.folder, 'reports', runId, 'journal.ndjson');
  const lines = readFileSync(path, 'utf8').split('\n');
  const first = lines.findIndex((line) => line.includes('"type":"outcome"'));
  writeFileSync(
    path,
    lines
      .slice(0, first)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

function statusOf({ okta }: Nightly, number: number): string | undefined {
  return okta.findUser(`person${number}@example.com`)?.status;
}

/** A user who was in Okta before. */
function existing(number: number): { readonly profile: Record<'login' | 'email', string> } {
  const person = employee(number);
  return { profile: { ...person, email: person.login } };
}

const NO_LEAVERS_LEFT = ['--leavers=suspend', '--accept=size,leavers'];

it('members whom a run adopted and whose run was undone do not become members again', async () => {
  const org = await nightly({ seed: { users: [existing(1)] } });
  await org.night([employee(2)]);
  await org.night([employee(1), employee(2), employee(3)], ['--adopt-existing', '--run-id=adopted']);
  expect(await org.run(['undo', 'adopted', '--yes'])).toMatchObject({ exitCode: 0 });
  loseState(org);

  const rebuilt = await org.night([employee(2)], ['--rebuild-state']);

  expect(rebuilt.stderr).toContain('was rebuilt from 2 runs');
  expect(rebuilt.stderr).toContain(': 1 person.');
  await org.night([], ['--leavers=suspend', '--accept=size,leavers']);
  expect(statusOf(org, 1)).toBe('ACTIVE');
  expect(statusOf(org, 2)).toBe('SUSPENDED');
});

it('members whom an undone run changed stay members', async () => {
  const org = await nightly();
  await org.night(staff(6));
  await org.night(
    staff(5).map((person) => ({ ...person, title: 'Boss' })),
    ['--leavers=suspend', '--run-id=it'],
  );
  await org.run(['undo', 'it', '--yes']);
  loseState(org);

  await org.night(staff(6), ['--rebuild-state']);

  const next = await org.night(staff(4), NO_LEAVERS_LEFT);
  expect(org.sync(next)).toMatchObject({ leavers: 2 });
});

it('an admin who suspended a user is not overruled, and a person who had left comes back', async () => {
  const org = await nightly();
  await org.night(staff(6));
  await org.night(staff(5), ['--leavers=suspend']);
  await org.call('POST', `/users/${org.okta.findUser('person1@example.com')?.id}/lifecycle/suspend`);
  loseState(org);
  await org.night(staff(5), ['--rebuild-state']);
  expect([1, 6].map((number) => statusOf(org, number))).toEqual(['SUSPENDED', 'SUSPENDED']);

  const next = await org.night(staff(6));

  expect(org.sync(next)).toMatchObject({ returners: 1, leavers: 0 });
  expect([1, 6].map((number) => statusOf(org, number))).toEqual(['SUSPENDED', 'ACTIVE']);
});

it('users who were created a moment ago are members although searches do not find them yet', async () => {
  const org = await nightly({ orgOptions: LAG });
  await org.night(staff(3));
  loseState(org);

  const rebuilt = await org.night(staff(3), ['--rebuild-state']);

  expect(rebuilt.stderr).toContain(': 3 people.');
});

it('a user who was created ahead of the start date is activated on the day', async () => {
  const org = await nightly();
  const at = async (day: string, ...args: string[]): Promise<void> => {
    const file = org.at.file(
      'people.csv',
      'login,email,firstName,lastName,password,Start\nmio@example.com,mio@example.com,Mio,Abe,Pw-of-2026,2026-03-05\n',
    );
    org.at.file(
      'mapping.yaml',
      'profile: { login: login, email: email, firstName: firstName, lastName: lastName }\ncredentials: { password: password }\nstart: { column: Start, date: yyyy-MM-dd }\n',
    );
    const clock = clockAt(`${day}T02:00:00Z`);
    const night = await org.run(['sync', file, '--dataset=staff', '--mapping=mapping.yaml', ...args], {
      clock,
    });
    expect(night).toMatchObject({ exitCode: 0 });
  };
  await at('2026-03-01');
  loseState(org);
  await at('2026-03-02', '--rebuild-state');
  expect(org.okta.findUser('mio@example.com')?.status).toBe('STAGED');

  await at('2026-03-05');

  expect(org.okta.findUser('mio@example.com')?.status).toBe('ACTIVE');
});

it('members without a match key, or with the same one, are named and left out', async () => {
  const org = await nightly();
  await org.night(staff(4));
  await org.edit('person1@example.com', { employeeNumber: null });
  await org.edit('person2@example.com', { employeeNumber: '1003' });
  loseState(org);

  const rebuilt = await org.night([employee(4)], ['--rebuild-state']);

  expect(rebuilt.stderr).toContain(
    'Left out of the data set, because they have no employeeNumber in Okta: "person1@example.com".',
  );
  expect(rebuilt.stderr).toContain('"person2@example.com" and "person3@example.com"');
});

it('users whom a killed run possibly created are named, and do not become members', async () => {
  const org = await nightly();
  await org.night(staff(3), ['--run-id=it']);
  loseOutcomes(org, 'it');
  loseState(org);

  const rebuilt = await org.night(staff(3), ['--rebuild-state']);

  expect(rebuilt).toMatchObject({ exitCode: 0 });
  expect(rebuilt.stderr).toContain(': 0 people.');
  expect(rebuilt.stderr).toContain(
    'because they were possibly created by a run that did not come to its end: "person1@example.com"',
  );
  expect(org.okta.users()).toHaveLength(3);
});

describe('a journal that', () => {
  it.each([
    ['is damaged in the middle', (text: string) => text.replace('"oktaId"', '"oktaID"'), 'is damaged: '],
    ['has no readable first line', (text: string) => text.replace('{"type":"run"', '{'), 'cannot be read'],
  ])('%s is reported by --rebuild-state', async (_, damage, message) => {
    const org = await nightly();
    await org.night(staff(2), ['--run-id=it']);
    loseState(org);
    const journal = join(org.at.folder, 'reports', 'it', 'journal.ndjson');
    writeFileSync(journal, damage(readFileSync(journal, 'utf8')));

    const rebuilt = await org.night(staff(2), ['--rebuild-state']);

    expect(rebuilt.stderr).toContain(message);
  });
});

it('the run of a data set whose state is missing is not resumed, and no state is made up', async () => {
  const org = await nightly();
  await org.night(staff(3), ['--run-id=it']);
  loseOutcomes(org, 'it');
  loseState(org);

  const resumed = await org.run(['resume', 'it']);

  expect(resumed).toMatchObject({ exitCode: 2 });
  expect(resumed.stderr).toContain('The state of data set "staff" is missing');
  expect(resumed.stderr).toContain('--rebuild-state');
});

it('the runs of another org do not count', async () => {
  const tried = await nightly();
  await tried.night(staff(2));
  loseState(tried);
  const org = await nightly({ seed: { users: [] } });
  const env = { OKTA_CLIENT_ORGURL: org.okta.url, OKTA_CLIENT_TOKEN: org.okta.token };

  const first = await tried.night(staff(2), [], { env });

  expect(first).toMatchObject({ exitCode: 0 });
  expect(org.okta.users()).toHaveLength(2);
});
