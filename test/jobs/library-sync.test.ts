import { join } from 'node:path';

import { expect, it } from 'vitest';

import {
  DatasetFileError,
  listDatasets,
  resumeRun,
  SyncOptionError,
  SyncStoppedError,
  syncUsers,
  undoRun,
  type FinishedRun,
  type SyncUsersOptions,
} from '../../src/index.js';
import { employee, staff, staffCsv, type Employee } from '../helpers/nightly.js';
import { rmSync, writeFileSync } from 'node:fs';

import { collect, folder, org } from './library-org.js';

async function company(): ReturnType<typeof org> {
  return org({ seed: { users: [] } });
}

function file(people: readonly Employee[]): { readonly csv: string } {
  const csv = join(folder(), 'people.csv');
  writeFileSync(csv, staffCsv(people));
  return { csv };
}

it('a program syncs night after night, and takes a night back', async () => {
  const { okta, client } = await company();
  const reports = folder();
  const finished: FinishedRun[] = [];
  const options: SyncUsersOptions = {
    client,
    reports,
    dataset: 'staff',
    match: 'employeeNumber',
    leavers: 'suspend',
    observer: { finished: (run) => finished.push(run) },
  };
  await collect(syncUsers(file(staff(6)), options));

  const tonight = [employee(1, { title: 'Chief' }), ...staff(5).slice(1)];
  const plan = await collect(syncUsers(file(tonight), { ...options, dryRun: true }));
  expect(plan.map(({ status }) => status).toSorted()).toEqual([
    ...Array.from({ length: 4 }, () => 'unchanged'),
    'would-suspend',
    'would-update',
  ]);

  const night = await collect(syncUsers(file(tonight), { ...options, runId: 'night' }));

  expect(night.map(({ status }) => status)).toEqual([
    'updated',
    ...Array.from({ length: 4 }, () => 'unchanged'),
    'suspended',
  ]);
  expect(night[0]?.record).toMatchObject({ login: 'person1@example.com', title: 'Chief' });
  expect(finished.at(-1)?.summary.sync).toMatchObject({ dataset: 'staff', movers: 1, leavers: 1 });
  expect(await listDatasets(reports)).toMatchObject([{ name: 'staff', members: 5, left: 1 }]);
  expect(await collect(resumeRun(join(reports, 'night'), { client }))).toHaveLength(6);
  await collect(undoRun(join(reports, 'night'), { client }));
  expect(okta.findUser('person1@example.com')?.profile['title']).toBe('Clerk');
  expect(okta.findUser('person6@example.com')?.status).toBe('ACTIVE');
});

it('a plan that looks like a mistake is an error that says what to accept, in the words of the library', async () => {
  const { okta, client } = await company();
  const options: SyncUsersOptions = { client, reports: folder(), dataset: 'staff', match: 'employeeNumber' };
  await collect(syncUsers(file(staff(10)), options));

  const stopped = collect(syncUsers(file(staff(2)), { ...options, leavers: 'suspend' }));

  await expect(stopped).rejects.toThrow(SyncStoppedError);
  await expect(stopped).rejects.toMatchObject({
    accept: 'leavers,size',
    hint: expect.not.stringContaining('--'),
  });
  expect(okta.users().every(({ status }) => status === 'ACTIVE')).toBe(true);
  const accepted = await collect(
    syncUsers(file(staff(2)), { ...options, leavers: 'suspend', accept: ['leavers', 'size'] }),
  );
  expect(accepted.filter(({ status }) => status === 'suspended')).toHaveLength(8);
});

it('a lost state and a wrong option are errors before anything is sent', async () => {
  const { client } = await company();
  const reports = folder();
  const options: SyncUsersOptions = { client, reports, dataset: 'staff', match: 'employeeNumber' };
  await collect(syncUsers(file(staff(3)), options));

  await expect(collect(syncUsers(file(staff(3)), { ...options, maxLeavers: 'many' }))).rejects.toThrow(
    SyncOptionError,
  );
  rmSync(join(reports, 'datasets', 'staff.ndjson'));
  await expect(collect(syncUsers(file(staff(3)), options))).rejects.toThrow(DatasetFileError);
});
