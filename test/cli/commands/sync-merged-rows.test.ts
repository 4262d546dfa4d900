import { expect, it } from 'vitest';

import { nightly, type Nightly } from '../../helpers/nightly.js';
import { until } from '../../helpers/until.js';

const HEADER = 'login,email,firstName,lastName,employeeNumber,password,groups';

/** A file with one row for each group of a person. */
function rowsOf(name: string, number: number, groups: readonly string[], title = ''): string[] {
  const login = `${name.toLowerCase()}@example.com`;
  return groups.map((group) => `${login},${login},${name},Okafor${title},${number},Pw-of-2026-x,${group}`);
}

function night(
  org: Nightly,
  rows: readonly string[],
  args: readonly string[] = [],
  more: Parameters<Nightly['run']>[1] = {},
): ReturnType<Nightly['run']> {
  const file = org.at.file('people.csv', `${[HEADER, ...rows].join('\n')}\n`);
  return org.run(
    ['sync', file, '--dataset=staff', '--match=employeeNumber', '--leavers=suspend', '--json', ...args],
    more,
  );
}

async function startOrg(latencyMs = 0): Promise<Nightly> {
  const groups = ['Sales', 'Support', 'Berlin'].map((name) => ({ name }));
  return nightly({ latencyMs, seed: { users: [], groups } });
}

const groupsOf = ({ okta }: Nightly, login: string): readonly string[] =>
  okta
    .groupsOf(login)
    .filter((name) => name !== 'Everyone')
    .toSorted();

const statuses = ({ at }: Nightly, runId: string): readonly string[] =>
  at.run(runId).results.map(({ status }) => status);

it('several rows of one person that differ in their groups only are one person', async () => {
  const org = await startOrg();
  const rows = [
    ...rowsOf('Ngozi', 1, ['Sales']),
    ...rowsOf('Emeka', 2, ['Berlin']),
    ...rowsOf('Ngozi', 1, ['Support']),
  ];

  const plan = await night(org, rows, ['--dry-run', '--run-id=plan']);
  expect(plan).toMatchObject({ exitCode: 0 });
  expect(statuses(org, 'plan')).toEqual(['would-create', 'would-create', 'valid']);

  const first = await night(org, rows, ['--run-id=first']);
  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.stderr).toContain('1 row is about the user of an earlier row');
  expect(statuses(org, 'first')).toEqual(['created', 'created', 'unchanged']);
  expect(org.sync(first)).toMatchObject({ joiners: 2 });
  expect(groupsOf(org, 'ngozi@example.com')).toEqual(['Sales', 'Support']);

  const again = await night(org, rows, ['--run-id=again']);
  expect(statuses(org, 'again')).toEqual(['unchanged', 'unchanged', 'unchanged']);
  expect(org.sync(again)).toMatchObject({ movers: 0, joiners: 0, leavers: 0 });
});

it('within managed groups a person stays in the groups of all rows, and leaves that of a row that is gone', async () => {
  const org = await startOrg();
  const managed = ['--managed-groups=*', '--accept=changes,size'];
  await night(org, rowsOf('Ngozi', 1, ['Sales', 'Support', 'Berlin']), managed);

  await night(org, rowsOf('Ngozi', 1, ['Berlin', 'Sales']), managed);

  expect(groupsOf(org, 'ngozi@example.com')).toEqual(['Berlin', 'Sales']);
});

it('rows of one person that differ in more than the groups are problems, and the person is no leaver', async () => {
  const org = await startOrg();
  await night(org, [...rowsOf('Ngozi', 1, ['Sales']), ...rowsOf('Emeka', 2, ['Berlin'])]);

  const result = await night(
    org,
    [
      ...rowsOf('Ngozi', 1, ['Sales']),
      ...rowsOf('Emeka', 2, ['Berlin']),
      ...rowsOf('Ngozi', 1, ['Support'], 'x'),
    ],
    ['--run-id=it'],
  );

  expect(result).toMatchObject({ exitCode: 1 });
  expect(statuses(org, 'it')).toEqual(['invalid', 'unchanged', 'invalid']);
  expect(org.sync(result)).toMatchObject({ leavers: 0 });
});

it('rows of a person whom a resumed run still has to create are merged as well', async () => {
  const org = await startOrg(20);
  const { ledger } = org.okta;
  const rows = [
    ...rowsOf('Ngozi', 1, ['Sales']),
    ...rowsOf('Emeka', 2, ['Berlin']),
    ...rowsOf('Amara', 3, ['Sales']),
    ...rowsOf('Ngozi', 1, ['Support']),
    ...rowsOf('Amara', 3, ['Support']),
  ];
  const created = until(() => ledger.requests({ operation: 'createUser' }) >= 1);
  const interrupt = created.then(() => 'SIGINT' as const);
  const interrupted = await night(org, rows, ['--concurrency=1', '--run-id=it'], { interrupt });
  expect(interrupted).toMatchObject({ exitCode: 130 });

  const resumed = await org.run(['resume', 'it', '--json']);

  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(statuses(org, 'it')).toEqual(['created', 'created', 'created', 'unchanged', 'unchanged']);
  expect(org.sync(resumed)).toMatchObject({ joiners: 3 });
  for (const login of ['ngozi@example.com', 'amara@example.com']) {
    expect(groupsOf(org, login)).toEqual(['Sales', 'Support']);
  }
  const next = await night(org, rows);
  expect(org.sync(next)).toMatchObject({ joiners: 0, movers: 0, adopted: 0 });
});
