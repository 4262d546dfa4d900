import { expect, it } from 'vitest';

import { systemClock, type Clock } from '../../../src/clock.js';
import { nightly, type Nightly } from '../../helpers/nightly.js';

const MAPPING = `
profile:
  login: login
  email: email
  firstName: firstName
  lastName: lastName
credentials:
  password: password
start: { column: Start, date: dd/MM/yyyy }
end: { column: End, date: dd/MM/yyyy }
timeZone: Asia/Tokyo
`;

/** The time of the night, and the dates of one person. */
async function night(
  org: Nightly,
  at: string,
  start: string,
  end = '',
  {
    name = 'Abe',
    args = [],
    mapping = MAPPING,
  }: { readonly name?: string; readonly args?: readonly string[]; readonly mapping?: string } = {},
): ReturnType<Nightly['run']> {
  org.at.file('mapping.yaml', mapping);
  const file = org.at.file(
    'people.csv',
    `login,email,firstName,lastName,password,Start,End\nmio@example.com,mio@example.com,Mio,${name},Pw-of-2026,${start},${end}\n`,
  );
  return org.run(['sync', file, '--dataset=staff', '--mapping=mapping.yaml', '--json', ...args], {
    clock: clockAt(at),
  });
}

function clockAt(at: string): Clock {
  const shiftMs = Date.parse(at) - Date.now();
  return { ...systemClock, now: () => systemClock.now() + shiftMs };
}

it('a person is created staged ahead of the start date, and activated on the day by the nightly run', async () => {
  const org = await nightly();
  const status = (): string | undefined => org.okta.findUser('mio@example.com')?.status;

  const early = await night(org, '2026-02-01T02:00:00Z', '01/03/2026');
  expect(early).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(early.stdout)).toMatchObject({ counts: { notAttempted: 1 } });
  expect(status()).toBeUndefined();

  await night(org, '2026-02-20T02:00:00Z', '01/03/2026');
  expect(status()).toBe('STAGED');
  await night(org, '2026-02-28T14:00:00Z', '01/03/2026');
  expect(status()).toBe('STAGED');
  // In Tokyo it is the first of March already.
  await night(org, '2026-02-28T16:00:00Z', '01/03/2026');
  expect(status()).toBe('ACTIVE');
  await night(org, '2026-03-01T16:00:00Z', '01/03/2026');
  expect(org.okta.ledger.requests({ operation: 'activateUser' })).toBe(1);
});

it('a person is suspended after the last day, stays suspended, and is unsuspended when the end date moves', async () => {
  const org = await nightly();
  const status = (): string | undefined => org.okta.findUser('mio@example.com')?.status;
  await night(org, '2026-03-01T02:00:00Z', '01/03/2026', '10/03/2026');

  await night(org, '2026-03-10T10:00:00Z', '01/03/2026', '10/03/2026');
  expect(status()).toBe('ACTIVE');
  const over = await night(org, '2026-03-11T10:00:00Z', '01/03/2026', '10/03/2026');
  expect(JSON.parse(over.stdout)).toMatchObject({
    counts: { suspended: 1 },
    sync: { leavers: 1, movers: 0 },
  });
  expect(status()).toBe('SUSPENDED');
  await night(org, '2026-03-12T10:00:00Z', '01/03/2026', '10/03/2026');
  expect(status()).toBe('SUSPENDED');
  await night(org, '2026-03-13T10:00:00Z', '01/03/2026', '31/12/2026');
  expect(status()).toBe('ACTIVE');
});

it.each([
  ['2026-03-01', '', 'start must be a date in the format dd/MM/yyyy'],
  ['31/02/2026', '', 'start must be a date in the format dd/MM/yyyy'],
  ['01/03/2026', '01/02/2026', 'The end date 2026-02-01 is before the start date 2026-03-01'],
])('a start of %j and an end of %j are a problem of the row', async (start, end, message) => {
  const org = await nightly();

  const result = await night(org, '2026-03-01T02:00:00Z', start, end);

  expect(result).toMatchObject({ exitCode: 1 });
  expect(result.stderr).toContain(message);
});

it('a time zone that does not exist is an error of the mapping file with its line', async () => {
  const org = await nightly();
  org.at.file('mapping.yaml', 'profile:\n  login: login\ntimeZone: Europe/Atlantis\n');
  const file = org.at.file('people.csv', 'login\na@example.com\n');

  const result = await org.run(['sync', file, '--dataset=staff', '--mapping=mapping.yaml']);

  expect(result).toMatchObject({ exitCode: 2 });
  expect(result.stderr).toContain('mapping.yaml:3: timeZone must be a time zone such as Europe/Berlin');
});

it('a person who was created staged and whose name changed meanwhile is activated on the day', async () => {
  const org = await nightly();
  await night(org, '2026-02-20T02:00:00Z', '01/03/2026');
  await night(org, '2026-02-22T02:00:00Z', '01/03/2026', '', { name: 'Abe-Ito' });

  await night(org, '2026-03-01T02:00:00Z', '01/03/2026', '', { name: 'Abe-Ito' });

  expect(org.okta.findUser('mio@example.com')).toMatchObject({
    status: 'ACTIVE',
    profile: { lastName: 'Abe-Ito' },
  });
});

it('a change in the night after the last day is written, and undo gives back both name and status', async () => {
  const org = await nightly();
  await night(org, '2026-03-01T02:00:00Z', '01/03/2026', '10/03/2026');

  await night(org, '2026-03-11T02:00:00Z', '01/03/2026', '10/03/2026', {
    name: 'Ito',
    args: ['--run-id=last'],
  });
  expect(org.okta.findUser('mio@example.com')).toMatchObject({
    status: 'SUSPENDED',
    profile: { lastName: 'Ito' },
  });

  expect(await org.run(['undo', 'last', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(org.okta.findUser('mio@example.com')).toMatchObject({
    status: 'ACTIVE',
    profile: { lastName: 'Abe' },
  });
});

it('a user who was in Okta before and was never adopted is not suspended by an end date', async () => {
  const mio = { login: 'mio@example.com', email: 'mio@example.com', firstName: 'Mio', lastName: 'Abe' };
  const org = await nightly({ seed: { users: [{ status: 'ACTIVE', profile: mio }] } });

  const over = await night(org, '2026-03-11T02:00:00Z', '01/03/2026', '10/03/2026');

  expect(org.okta.findUser('mio@example.com')?.status).toBe('ACTIVE');
  expect(over.stderr).toContain(
    'The last day was 2026-03-10. The user stays ACTIVE, because it does not belong to the data set.',
  );
});

it('more last days than --max-leavers stop the run, as of a column of dates that is wrong', async () => {
  const org = await nightly();
  const people = Array.from({ length: 8 }, (_, index) => index);
  const file = (end: string): string =>
    org.at.file(
      'people.csv',
      `login,email,firstName,lastName,password,Start,End\n${people
        .map(
          (n) => `p${n}@example.com,p${n}@example.com,First${n},Last${n},Pw-of-2026-${n},01/03/2026,${end}\n`,
        )
        .join('')}`,
    );
  org.at.file('mapping.yaml', MAPPING);
  const clock: Clock = { ...systemClock, now: () => Date.parse('2026-03-11T02:00:00Z') };
  const args = ['--dataset=staff', '--mapping=mapping.yaml'];
  await org.run(['sync', file('31/12/2026'), ...args], { clock });

  const stopped = await org.run(['sync', file('10/03/2026'), ...args], { clock });

  expect(stopped).toMatchObject({ exitCode: 3 });
  expect(stopped.stderr).toContain(
    '8 people are past the last day or no longer in the file, more than --max-leavers',
  );
  expect(org.okta.users().every(({ status }) => status === 'ACTIVE')).toBe(true);
});

it('a person whose last day is in the past is not created, and the plan says why', async () => {
  const org = await nightly();

  const plan = await night(org, '2026-03-01T02:00:00Z', '01/01/2020', '31/01/2020', { args: ['--dry-run'] });
  expect(plan.stderr).toContain(
    'Not created, because of the start or end date (1):\n  mio@example.com: The last day was 2020-01-31.',
  );

  const result = await night(org, '2026-03-01T02:00:00Z', '01/01/2020', '31/01/2020');
  expect(result).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(result.stdout)).toMatchObject({
    counts: { created: 0, notAttempted: 1 },
    sync: { joiners: 0 },
  });
  expect(org.okta.users()).toEqual([]);
});

it.each([
  // The clocks go forward at 02:00 on 29 March, and back at 03:00 on 25 October.
  ['2026-03-28T22:59:00Z', '28/03/2026', 'ACTIVE'],
  ['2026-03-28T23:01:00Z', '28/03/2026', 'SUSPENDED'],
  ['2026-03-29T21:59:00Z', '29/03/2026', 'ACTIVE'],
  ['2026-03-29T22:01:00Z', '29/03/2026', 'SUSPENDED'],
  ['2026-10-24T22:01:00Z', '24/10/2026', 'SUSPENDED'],
  ['2026-10-25T22:59:00Z', '25/10/2026', 'ACTIVE'],
  ['2026-10-25T23:01:00Z', '25/10/2026', 'SUSPENDED'],
])('at %s in Berlin, a person whose last day is %s is %s', async (at, end, status) => {
  const org = await nightly();
  const mapping = MAPPING.replace('Asia/Tokyo', 'Europe/Berlin');
  await night(org, '2026-03-01T02:00:00Z', '01/03/2026', end, { mapping });

  await night(org, at, '01/03/2026', end, { mapping });

  expect(org.okta.findUser('mio@example.com')?.status).toBe(status);
});

it.each([
  ['start', 'b@example.com', 'STAGED', 'people who start later would be activated'],
  ['end', 'a@example.com', 'SUSPENDED', 'people whose last day has passed would come back'],
])(
  'a file without its %s dates is an error, until --accept columns',
  async (field, login, status, reason) => {
    const org = await nightly();
    const clock = clockAt('2026-03-01T02:00:00Z');
    const columns = ['login', 'email', 'firstName', 'lastName', 'password', 'start date', 'end date'];
    const rows = [
      ['a@example.com', 'a@example.com', 'Mio', 'Abe', 'Pw-of-2026', '2026-01-01', '2026-03-15'],
      ['b@example.com', 'b@example.com', 'Jun', 'Abe', 'Pw-of-2026', '2026-03-20', ''],
    ];
    const run = (lines: readonly string[][], at: Clock, ...args: string[]): ReturnType<Nightly['run']> => {
      const file = org.at.file('people.csv', lines.map((line) => `${line.join()}\n`).join(''));
      return org.run(['sync', file, '--dataset=staff', ...args], { clock: at });
    };
    const at = columns.indexOf(`${field} date`);
    const without = [columns, ...rows].map((row) => row.toSpliced(at, 1));
    await run([columns, ...rows], clock);
    const later = clockAt('2026-03-16T02:00:00Z');
    expect(await run([columns, ...rows], later)).toMatchObject({ exitCode: 0 });

    const lacking = await run(without, later);

    expect(lacking).toMatchObject({ exitCode: 2 });
    expect(lacking.stderr).toContain(`The file no longer has ${field} dates: ${reason}.`);
    expect(org.okta.findUser(login)?.status).toBe(status);
    expect(await run(without, later, '--accept=columns')).toMatchObject({ exitCode: 0 });
    await org.run(['undo', 'last', '--yes']);
    expect(await run(without, later), 'after the undo').toMatchObject({ exitCode: 2 });
  },
);
