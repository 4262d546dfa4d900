import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { CliResult } from '../../helpers/cli.js';
import { employee, nightly, staff, staffCsv, type Employee, type Nightly } from '../../helpers/nightly.js';

const ED = 'person6@example.com';

interface TwoFiles extends Nightly {
  staff(people: readonly Employee[], ...args: readonly string[]): Promise<CliResult>;
  contractors(people: readonly Employee[], ...args: readonly string[]): Promise<CliResult>;
  status(): string | undefined;
}

/** Ed, number 6, is in both files; the data sets have five other people each. */
async function twoFiles(): Promise<TwoFiles> {
  const org = await nightly();
  const sync = (dataset: string, people: readonly Employee[], args: readonly string[]): Promise<CliResult> =>
    org.run([
      'sync',
      org.at.file(`${dataset}.csv`, staffCsv(people)),
      `--dataset=${dataset}`,
      '--match=employeeNumber',
      '--leavers=suspend',
      '--json',
      ...args,
    ]);
  const both: TwoFiles = {
    ...org,
    staff: (people, ...args) => sync('staff', people, args),
    contractors: (people, ...args) => sync('contractors', people, args),
    status: () => org.okta.findUser(ED)?.status,
  };
  await both.staff(staff(6));
  await both.contractors(CONTRACTORS, '--adopt-existing');
  return both;
}

const CONTRACTORS = [6, 11, 12, 13, 14, 15].map((number) => employee(number));

it('a leaver of one data set is left alone while another one has the person, and is suspended once no one has', async () => {
  const org = await twoFiles();

  const kept = await org.staff(staff(5), '--run-id=kept');
  expect(kept).toMatchObject({ exitCode: 0 });
  expect(org.status()).toBe('ACTIVE');
  expect(org.at.run('kept').results.at(-1)).toMatchObject({
    status: 'leaver',
    message: expect.stringMatching(
      /^Not in the file; left alone, because data set "contractors" has the person \(last run on \d{4}-\d\d-\d\d\)\.$/,
    ),
  });

  await org.contractors(CONTRACTORS.slice(1));
  expect(org.status()).toBe('SUSPENDED');
});

it('data sets of one org can match people by different attributes', async () => {
  const org = await twoFiles();
  const byLogin = (people: readonly Employee[], ...args: readonly string[]): Promise<CliResult> =>
    org.run([
      'sync',
      org.at.file('guests.csv', staffCsv(people)),
      '--dataset=guests',
      '--leavers=suspend',
      '--json',
      ...args,
    ]);
  const guests = [6, 21, 22, 23, 24, 25].map((number) => employee(number));
  expect(org.sync(await byLogin(guests, '--adopt-existing'))).toMatchObject({ joiners: 5, adopted: 1 });

  await org.staff(staff(5));
  await org.contractors(CONTRACTORS.slice(1));
  expect(org.status()).toBe('ACTIVE');
  await byLogin(guests.slice(1));
  expect(org.status()).toBe('SUSPENDED');
  const back = await org.staff([...staff(5), employee(6, { login: 'new.ed@example.com' })]);
  expect(org.sync(back)).toMatchObject({ returners: 1, renames: 1, joiners: 0 });
  expect(org.okta.findUser('new.ed@example.com')?.status).toBe('ACTIVE');
  expect(org.sync(await byLogin(guests.slice(1)))).toMatchObject({ leavers: 0, movers: 0 });
});

it('a person who left all data sets is a returner of whichever has them first, and is not suspended again by the other', async () => {
  const org = await twoFiles();
  await org.staff(staff(5));
  await org.contractors(CONTRACTORS.slice(1));

  const back = await org.staff(staff(6));
  expect(org.sync(back)).toMatchObject({ returners: 1 });
  expect(org.status()).toBe('ACTIVE');
  await org.contractors(CONTRACTORS.slice(1));
  expect(org.status()).toBe('ACTIVE');
  await org.contractors(CONTRACTORS);
  await org.staff(staff(5));
  expect(org.status()).toBe('ACTIVE');
});

it('a user whom an admin suspends after the return stays suspended', async () => {
  const org = await twoFiles();
  await org.staff(staff(5));
  await org.contractors(CONTRACTORS.slice(1));
  await org.staff(staff(6));
  const path = join(org.at.folder, 'reports', 'datasets', 'contractors.ndjson');
  await backdate(path, 'leftOn');
  await org.call('POST', `/users/${org.okta.findUser(ED)?.id}/lifecycle/suspend`);

  const night = await org.staff(staff(6));

  expect(org.status()).toBe('SUSPENDED');
  expect(night.stderr).toContain('suspended in Okta, not by this data set, and stays suspended');
});

it('a value that another data set wrote counts as an edit in Okta: data sets do not overwrite each other every night', async () => {
  const org = await twoFiles();
  const consultant = CONTRACTORS.map((person) =>
    person.login === ED ? { ...person, title: 'Consultant' } : person,
  );
  await org.contractors(consultant);

  const night = await org.staff(staff(6));
  const again = await org.contractors(consultant);

  expect(org.sync(night)).toMatchObject({ movers: 0, keptEdits: 1 });
  expect(org.sync(again)).toMatchObject({ movers: 0, keptEdits: 0 });
  expect(org.okta.findUser(ED)?.profile['title']).toBe('Consultant');
});

it('while the state of another data set cannot be read, no leaver is acted on', async () => {
  const org = await twoFiles();
  writeFileSync(join(org.at.folder, 'reports', 'datasets', 'contractors.ndjson'), 'damaged');

  const night = await org.staff([...staff(4), employee(6)], '--run-id=it');

  expect(night).toMatchObject({ exitCode: 0 });
  expect(night.stderr).toContain(
    'The state of data set "contractors" cannot be read, so its people are unknown: no leaver is acted on in this run.',
  );
  expect(org.okta.findUser('person5@example.com')?.status).toBe('ACTIVE');
  expect(org.at.run('it').results.at(-1)?.['message']).toBe(
    'Not in the file; left alone, because the state of data set "contractors", which may have the person, cannot be read.',
  );
});

it('a data set of another org keeps no one', async () => {
  const org = await twoFiles();
  const other = await nightly();
  await other.run([
    'sync',
    other.at.file('people.csv', staffCsv(staff(6))),
    '--dataset=elsewhere',
    '--match=employeeNumber',
  ]);
  writeFileSync(
    join(org.at.folder, 'reports', 'datasets', 'elsewhere.ndjson'),
    readFileSync(join(other.at.folder, 'reports', 'datasets', 'elsewhere.ndjson')),
  );

  await org.staff([...staff(4), employee(6)]);

  expect(org.okta.findUser('person5@example.com')?.status).toBe('SUSPENDED');
});

it('a managed group that another data set decides about, too, is not left', async () => {
  const org = await nightly({ seed: { users: [], groups: [{ name: 'Dept Sales' }, { name: 'Dept IT' }] } });
  const sync = (dataset: string, group: string, ...args: readonly string[]): Promise<CliResult> =>
    org.run([
      'sync',
      org.at.file(
        `${dataset}.csv`,
        `login,email,firstName,lastName,groups\ned@example.com,ed@example.com,Ed,Ek,${group}\n`,
      ),
      `--dataset=${dataset}`,
      '--managed-groups=Dept *',
      '--json',
      ...args,
    ]);
  await sync('staff', 'Dept Sales');
  await sync('contractors', 'Dept IT', '--adopt-existing');

  const nights = [await sync('staff', 'Dept Sales'), await sync('contractors', 'Dept IT')];

  expect(org.okta.groupsOf('ed@example.com').toSorted()).toEqual(['Dept IT', 'Dept Sales']);
  expect(nights.map((night) => org.sync(night)['movers'])).toEqual([0, 0]);
});

/** Writes a state as if a day in it was long ago. */
async function backdate(path: string, field: 'leftOn'): Promise<void> {
  const { readDataset, writeDataset } = await import('../../../src/sync/dataset-file.js');
  const dataset = await readDataset(path);
  if (dataset === undefined) throw new Error(`There is no ${path}.`);
  for (const member of dataset.members()) {
    if (member[field] !== undefined) dataset.set({ ...member, [field]: '2020-01-01' });
  }
  await writeDataset(path, dataset);
}
