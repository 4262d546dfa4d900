import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { orgSettings, startCli } from '../../helpers/cli.js';
import { interceptedOrg } from '../../helpers/intercepted-org.js';
import { employee, nightly, staff, staffCsv, type Nightly } from '../../helpers/nightly.js';

function statePath({ at }: Nightly): string {
  return join(at.folder, 'reports', 'datasets', 'staff.ndjson');
}

it.each([
  [
    'a changed character',
    (state: string) => state.replace('"seen"', '"sEen"'),
    'its checksum does not match',
  ],
  ['a missing end', (state: string) => state.slice(0, -200), 'its end is missing'],
  ['an empty file', () => '', 'it is empty'],
  ['another content', () => 'login,email\n', 'it does not begin with the description'],
  ['a missing line', (state: string) => state.replace(/\n.*\n/, '\n'), 'its checksum does not match'],
])('a state with %s is reported and never believed', async (_, damage, how) => {
  const org = await nightly();
  await org.night(staff(3));
  writeFileSync(statePath(org), damage(readFileSync(statePath(org), 'utf8')));

  const night = await org.night(staff(3));

  expect(night).toMatchObject({ exitCode: 2, stdout: '' });
  expect(night.stderr).toContain(how);
  expect(night.stderr).toContain('--rebuild-state');
  expect(org.okta.users()).toHaveLength(3);
});

it('a missing state is reported when the data set has had runs, so that its members do not become strangers', async () => {
  const org = await nightly();
  await org.night(staff(3));
  rmSync(statePath(org));

  const night = await org.night(staff(3));

  expect(night).toMatchObject({ exitCode: 2, stdout: '' });
  expect(night.stderr).toContain('The state of data set "staff" is missing');
});

it('--rebuild-state finds the members again, acts on no leaver, and the next night does', async () => {
  const org = await nightly({
    seed: { users: [{ profile: { ...employee(9), email: 'person9@example.com' } }] },
  });
  await org.night(staff(6));
  rmSync(statePath(org));

  const rebuilt = await org.night([...staff(5), employee(9)], ['--rebuild-state', '--leavers=suspend']);
  expect(rebuilt).toMatchObject({ exitCode: 0 });
  expect(rebuilt.stderr).toContain('no leaver is acted on');
  expect(org.okta.findUser('person6@example.com')?.status).toBe('ACTIVE');

  const next = await org.night(staff(5), ['--leavers=suspend', '--accept=size']);
  expect(org.sync(next)).toMatchObject({ leavers: 1, joiners: 0 });
  expect(org.okta.findUser('person6@example.com')?.status).toBe('SUSPENDED');
  // Was in Okta before, and was never adopted.
  expect(org.okta.findUser('person9@example.com')?.status).toBe('ACTIVE');
});

it('another match key than that of the data set is an error', async () => {
  const org = await nightly();
  await org.night(staff(3));

  const night = await org.night(staff(3), ['--match=login']);

  expect(night).toMatchObject({ exitCode: 2 });
  expect(night.stderr).toContain('matches people by employeeNumber, not by login');
});

it('another org than that of the data set is an error', async () => {
  const org = await nightly();
  await org.night(staff(3));
  const other = await nightly();

  const night = await org.night(staff(3), [], { env: orgSettings(other.okta) });

  expect(night).toMatchObject({ exitCode: 2 });
  expect(night.stderr).toContain(`is for ${org.okta.url}, but the settings select ${other.okta.url}`);
  expect(other.okta.users()).toEqual([]);
});

it('a file with mostly other columns is an error that names them', async () => {
  const org = await nightly();
  await org.night(staff(3));
  const file = org.at.file(
    'pupils.csv',
    'login,email,firstName,lastName,nickName,city,employeeNumber,department,division,organization,costCenter,zipCode,state\n' +
      'kim@example.com,kim@example.com,Kim,Ota,K,Oslo,7,D,E,O,C,1,S\n',
  );

  const night = await org.run(['sync', file, '--dataset=staff', '--match=employeeNumber']);

  expect(night).toMatchObject({ exitCode: 2 });
  expect(night.stderr).toContain('This does not look like the file of data set "staff"');
  expect(night.stderr).toContain('"nickName"');
  expect(org.okta.findUser('kim@example.com')).toBeUndefined();
});

it('an attribute whose column left the file is left alone', async () => {
  const org = await nightly();
  await org.night(staff(3));
  const file = org.at.file(
    'people.csv',
    'login,email,firstName,lastName,employeeNumber\n' +
      [1, 2, 3]
        .map((n) => `person${n}@example.com,person${n}@example.com,First${n},Last${n},${1000 + n}\n`)
        .join(''),
  );

  const night = await org.run(['sync', file, '--dataset=staff', '--match=employeeNumber', '--json']);

  expect(org.sync(night)).toMatchObject({ movers: 0, keptEdits: 0 });
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Clerk');
});

it('a column that left the file is a warning, once, also with --quiet', async () => {
  const org = await nightly();
  await org.night(staff(3));
  const file = org.at.file('people.csv', staffCsv(staff(3)).replaceAll(/,(?:title|Clerk),/g, ','));
  const night = async (...more: readonly string[]): Promise<string> =>
    (await org.run(['sync', file, '--dataset=staff', '--match=employeeNumber', '--quiet', ...more])).stderr;
  const warning = 'The file lacks the column "title", which the last file had';

  expect(await night('--dry-run')).toContain(warning);
  expect(await night()).toContain(warning);
  expect(await night()).not.toContain(warning);
});

it('an unknown column is an error that says what to do with it', async () => {
  const org = await nightly();
  const file = org.at.file('people.csv', staffCsv(staff(3)).replace('title', 'Team color'));

  const night = await org.run(['sync', file, '--dataset=staff', '--match=employeeNumber']);

  expect(night).toMatchObject({ exitCode: 2 });
  expect(night.stderr).toContain(
    'Map the column in a mapping file (--mapping), or ignore it: --ignore-columns "Team color"',
  );
});

it('two runs of one data set at once: the second one exits with 4', async () => {
  const org = await nightly();
  const gate = new AbortController();
  const opened = once(gate.signal, 'abort').then(() => undefined);
  const { url } = await interceptedOrg(org.okta, ({ method }) => (method === 'POST' ? opened : undefined));
  const file = org.at.file('a.csv', 'login,email,firstName,lastName\n' + rowsOf(6));
  const env = orgSettings({ url, token: org.okta.token });

  const runs = ['a', 'b'].map(
    (runId) => startCli(['sync', file, '--dataset=staff', `--run-id=${runId}`], { at: org.at, env }).finished,
  );
  // The other one waits for the org.
  const first = await Promise.race(runs);
  gate.abort();
  const both = await Promise.all(runs);

  expect(first.exitCode).toBe(4);
  expect(both.map(({ exitCode }) => String(exitCode)).toSorted()).toEqual(['0', '4']);
  expect(org.okta.users()).toHaveLength(6);
});

it.each([
  ['--dataset=a/b', '"a/b" cannot be the name of a data set'],
  ['--dataset=', '--dataset'],
  ['--max-leavers=many', '--max-leavers "many" is not a number of people or a percentage'],
  ['--leaver-grace=soon', '--leaver-grace "soon" is not a number of days'],
  ['--accept=everything', '--accept "everything" is not known'],
  ['--match=nickName', 'No column feeds nickName'],
])('%s is an error before anything is read or written', async (flag, message) => {
  const org = await nightly();
  const file = org.at.file('people.csv', 'login,email,firstName,lastName\n' + rowsOf(1));

  const result = await org.run(['sync', file, '--dataset=staff', flag]);

  expect(result).toMatchObject({ exitCode: 2 });
  expect(result.stderr).toContain(message);
  expect(org.okta.users()).toEqual([]);
});

it.each([
  ['an empty key', [employee(1), employee(2, { employeeNumber: '' })], 'The row has no employeeNumber'],
  [
    'a repeated key',
    [employee(1), employee(2, { employeeNumber: '1001' })],
    'Several rows have the same employeeNumber',
  ],
])('%s is a problem of its rows', async (_, people, message) => {
  const org = await nightly();

  const night = await org.night(people, ['--run-id=it']);

  expect(night).toMatchObject({ exitCode: 1 });
  expect(
    org.at
      .run('it')
      .results.map((row) => row['message'])
      .join('\n'),
  ).toContain(message);
});

it('a key that two users of the org have is a problem that names both', async () => {
  const org = await nightly({
    seed: {
      users: [5, 6].map((number) => ({
        profile: { ...employee(number, { employeeNumber: '1001' }), email: `person${number}@example.com` },
      })),
    },
  });

  const night = await org.night(staff(1), ['--run-id=it']);

  expect(night).toMatchObject({ exitCode: 1 });
  const [row] = org.at.run('it').results;
  expect(row).toMatchObject({ status: 'invalid', errorCode: 'ambiguous-match-key' });
  expect(row?.['message']).toContain('"person5@example.com" and "person6@example.com"');
});

it('a login that belongs to a user with another key is a problem, not an update', async () => {
  const org = await nightly({
    seed: {
      users: [{ profile: { ...employee(1, { employeeNumber: '77' }), email: 'person1@example.com' } }],
    },
  });

  const night = await org.night(staff(1), ['--run-id=it']);

  expect(night).toMatchObject({ exitCode: 1 });
  expect(org.at.run('it').results[0]).toMatchObject({
    status: 'invalid',
    errorCode: 'login-of-other-person',
  });
  expect(org.okta.ledger.requests({ operation: 'updateUser' })).toBe(0);
});

it('without a match key, the same name under another login is a warning with both logins', async () => {
  const org = await nightly();
  const header = 'login,email,firstName,lastName\n';
  const people = Array.from(
    { length: 12 },
    (_, n) => `p${n}@example.com,p${n}@example.com,First${n},Last${n}\n`,
  );
  await org.run(['sync', org.at.file('a.csv', header + people.join('')), '--dataset=staff']);
  people[0] = 'p0.new@example.com,p0.new@example.com,FIRST0,Last0\n';

  const night = await org.run(['sync', org.at.file('a.csv', header + people.join('')), '--dataset=staff']);

  expect(night.stderr).toContain(
    'Possible double: "p0@example.com" has the same first and last name as "p0.new@example.com"',
  );
});

function rowsOf(count: number): string {
  return Array.from(
    { length: count },
    (_, n) => `p${n}@example.com,p${n}@example.com,First${n},Last${n}\n`,
  ).join('');
}

it('datasets lists the data sets with their people and last runs, and says which cannot be read', async () => {
  const org = await nightly();
  await org.night(staff(6));
  await org.night(staff(5), ['--leavers=suspend', '--run-id=last-night']);
  await org.run([
    'sync',
    org.at.file('b.csv', `login,email,firstName,lastName\n${rowsOf(2)}`),
    '--dataset=interns',
  ]);
  writeFileSync(join(org.at.folder, 'reports', 'datasets', 'broken.ndjson'), 'x');

  const listed = await org.run(['datasets', '--json']);

  expect(listed.exitCode).toBe(1);
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { name: 'broken', problem: expect.stringContaining('is damaged') },
    { name: 'interns', match: 'login', members: 2, left: 0 },
    {
      name: 'staff',
      org: org.okta.url,
      match: 'employeeNumber',
      members: 5,
      left: 1,
      lastRun: { runId: 'last-night' },
    },
  ]);
  const table = await org.run(['datasets']);
  expect(table.stdout).toMatch(/^NAME +PEOPLE +ENDED \(UTC\) +LAST RUN +STATE\n/);
  expect(table.stdout).toMatch(/\nstaff +5, 1 leaver +\S+ \S+ +last-night +\S+, by employeeNumber\n/);
});

it('an edit in Okta is kept after a night whose file lacks the column', async () => {
  const org = await nightly();
  const people = staff(3);
  await org.night(people);
  await org.edit('person1@example.com', { title: 'Head clerk' });
  const withoutTitle = staffCsv(people)
    .split('\n')
    .map((line) => line.split(',').toSpliced(5, 1).join());
  const file = org.at.file('people.csv', withoutTitle.join('\n'));
  await org.run(['sync', file, '--dataset=staff', '--match=employeeNumber']);

  const back = await org.night(people);

  expect(org.sync(back)).toMatchObject({ movers: 0, keptEdits: 1 });
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Head clerk');
});
