import { expect, it } from 'vitest';

import { clockAt } from '../helpers/clock-at.js';
import { nightly, staff, staffCsv, type Nightly } from '../helpers/nightly.js';

/** One run: when, and whether the file has person 6. */
type Step = readonly [at: string, has: 'present' | 'absent'];

async function run(org: Nightly, [at, has]: Step, args: readonly string[] = []): Promise<string | undefined> {
  const people = staff(has === 'present' ? 6 : 5);
  const night = await org.night(people, ['--leavers=suspend', '--leaver-grace=3d', ...args], {
    clock: clockAt(at),
  });
  expect(night).toMatchObject({ exitCode: 0 });
  return org.okta.findUser('person6@example.com')?.status;
}

it.each<[string, readonly Step[], readonly Step[]]>([
  [
    'is suspended when it has been missing for three days, not before',
    [
      ['2026-03-02T02:00:00Z', 'absent'],
      ['2026-03-03T02:00:00Z', 'absent'],
      ['2026-03-04T02:00:00Z', 'absent'],
    ],
    [['2026-03-05T02:00:00Z', 'absent']],
  ],
  [
    'who is back on the last day of grace gets the whole grace again',
    [
      ['2026-03-02T02:00:00Z', 'absent'],
      ['2026-03-04T02:00:00Z', 'present'],
      ['2026-03-05T02:00:00Z', 'absent'],
      ['2026-03-07T02:00:00Z', 'absent'],
    ],
    [['2026-03-08T02:00:00Z', 'absent']],
  ],
  [
    'is missing from the first run that noticed it, when runs were skipped for a week',
    [['2026-03-09T02:00:00Z', 'absent']],
    [['2026-03-12T02:00:00Z', 'absent']],
  ],
  [
    'is suspended by the first run after a week without runs',
    [['2026-03-02T02:00:00Z', 'absent']],
    [['2026-03-10T02:00:00Z', 'absent']],
  ],
  [
    'is missing since the day of the first of two runs on one day',
    [
      ['2026-03-02T02:00:00Z', 'absent'],
      ['2026-03-02T20:00:00Z', 'absent'],
      ['2026-03-04T20:00:00Z', 'absent'],
    ],
    [['2026-03-05T02:00:00Z', 'absent']],
  ],
  [
    'who was in the file in the morning and not in the evening is missing since that day',
    [
      ['2026-03-02T02:00:00Z', 'present'],
      ['2026-03-02T20:00:00Z', 'absent'],
    ],
    [['2026-03-05T02:00:00Z', 'absent']],
  ],
  [
    'stays when the clock goes back',
    [
      ['2026-03-02T02:00:00Z', 'absent'],
      ['2026-02-02T02:00:00Z', 'absent'],
    ],
    [['2026-03-05T02:00:00Z', 'absent']],
  ],
  [
    'counts days, not hours: through a change to summer time',
    [
      ['2026-03-28T22:30:00Z', 'absent'],
      ['2026-03-30T23:59:00Z', 'absent'],
    ],
    [['2026-03-31T00:01:00Z', 'absent']],
  ],
])('with --leaver-grace 3d, a person %s', async (_, during, after) => {
  const org = await nightly();
  await run(org, ['2026-03-01T02:00:00Z', 'present']);

  for (const step of during) expect([step[0], await run(org, step)]).toEqual([step[0], 'ACTIVE']);
  for (const step of after) expect([step[0], await run(org, step)]).toEqual([step[0], 'SUSPENDED']);
});

it('the days of grace begin in the time zone of the mapping', async () => {
  const org = await nightly();
  org.at.file(
    'mapping.yaml',
    `profile: { login: login, email: email, firstName: firstName, lastName: lastName, employeeNumber: employeeNumber, title: title }
credentials: { password: password }
timeZone: Pacific/Auckland
`,
  );
  const night = (at: string, count: number): ReturnType<Nightly['night']> =>
    org.night(staff(count), ['--leavers=suspend', '--leaver-grace=1d', '--mapping=mapping.yaml'], {
      clock: clockAt(at),
    });
  await night('2026-06-01T02:00:00Z', 6);
  // In Auckland it is the first until noon UTC.
  await night('2026-06-01T03:00:00Z', 5);
  await night('2026-06-01T11:00:00Z', 5);
  expect(org.okta.findUser('person6@example.com')?.status).toBe('ACTIVE');

  await night('2026-06-01T13:00:00Z', 5);

  expect(org.okta.findUser('person6@example.com')?.status).toBe('SUSPENDED');
});

it('a leaver in grace is reported with the days, and a dry run shows when it is to be suspended', async () => {
  const org = await nightly();
  await run(org, ['2026-03-01T02:00:00Z', 'present']);
  await run(org, ['2026-03-02T02:00:00Z', 'absent'], ['--run-id=first']);

  await run(org, ['2026-03-04T02:00:00Z', 'absent'], ['--run-id=third']);
  expect(org.at.run('third').results.at(-1)).toMatchObject({
    login: 'person6@example.com',
    status: 'leaver',
    message: 'Not in the file for 2 of 3 days (--leaver-grace).',
  });
  const file = org.at.file('people.csv', staffCsv(staff(5)));
  const plan = await org.run(
    [
      'sync',
      file,
      '--dataset=staff',
      '--match=employeeNumber',
      '--leavers=suspend',
      '--leaver-grace=3d',
      '--dry-run',
    ],
    { clock: clockAt('2026-03-05T02:00:00Z') },
  );
  expect(plan.stderr + plan.stdout).toContain('person6@example.com: suspend');
  expect(org.okta.findUser('person6@example.com')?.status).toBe('ACTIVE');
});
