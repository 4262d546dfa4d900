import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { Fault } from '../../src/sandbox/faults.js';
import { fastClock } from '../helpers/fast-clock.js';
import { employee, nightly, staff } from '../helpers/nightly.js';

const anyPage = { on: 'listUsers', query: { search: false } } as const;

it.each<[string, Fault]>([
  ['rejected with 400', { ...anyPage, then: 'okta-error', errorCode: 'E0000031' }],
  ['not permitted', { ...anyPage, then: 'okta-error', errorCode: 'E0000006' }],
  ['answered 500 every time', { ...anyPage, then: 'status-500' }],
])('sync reads people one by one when the listing is %s', async (_, fault) => {
  const org = await nightly({ faults: [fault] });
  const clock = { clock: fastClock(100) };

  const first = await org.night(staff(12), [], clock);
  expect(org.sync(first)).toMatchObject({ joiners: 12 });

  const people = [employee(1, { title: 'Boss' }), ...staff(11).slice(1), employee(13)];
  const second = await org.night(people, ['--leavers=suspend'], clock);
  expect(second.exitCode).toBe(0);
  expect(org.sync(second)).toMatchObject({ joiners: 1, movers: 1, leavers: 1 });
  expect(org.okta.findUser('person12@example.com')?.status).toBe('SUSPENDED');
});

it('sync by login goes on when neither the listing nor any search by ID or name works', async () => {
  const org = await nightly({ faults: [{ on: 'listUsers', then: 'status-500' }] });
  const clock = { clock: fastClock(100) };
  const byLogin = ['--match=login'];
  await org.night(staff(12), byLogin, clock);

  const second = await org.night(staff(11), [...byLogin, '--leavers=suspend'], clock);

  expect(second.exitCode).toBe(0);
  expect(org.sync(second)).toMatchObject({ joiners: 0, leavers: 1 });
});

it.each<[string, readonly Fault[]]>([
  ['rejected with 400', [{ on: 'listUsers', then: 'okta-error', errorCode: 'E0000031' }]],
  ['answered 500 every time', [{ on: 'listUsers', then: 'status-500' }]],
  [
    'cut off every time, and reads lag behind',
    [
      { on: 'listUsers', then: 'truncated-body' },
      { on: 'getUser', countedBy: 'login', nth: [1, 3], then: 'not-found' },
    ],
  ],
])('sync --rebuild-state reads the members one by one when listings are %s', async (_, faults) => {
  const org = await nightly();
  const clock = { clock: fastClock(100) };
  await org.night(staff(12), [], clock);
  rmSync(join(org.at.folder, 'reports', 'datasets', 'staff.ndjson'));
  for (const fault of faults) org.okta.addFault(fault);

  const rebuilt = await org.night(staff(12), ['--rebuild-state'], clock);

  expect(rebuilt.exitCode).toBe(0);
  expect(rebuilt.stderr).toContain(': 12 people.');
  expect(org.sync(rebuilt)).toMatchObject({ joiners: 0, leavers: 0 });
  expect(org.okta.users()).toHaveLength(12);
});
