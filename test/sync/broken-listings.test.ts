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
