import { expect, it } from 'vitest';

import { employee, nightly, staff } from '../helpers/nightly.js';
import { LAG } from '../helpers/run-nights.js';

const PEOPLE = 10_000;

it.each([
  ['', {}],
  [', although searches and member lists lag', LAG],
])(
  'a night of 10,000 people takes at most 55 requests, and at most 80 with 20 changes and 5 leavers%s',
  async (_, orgOptions) => {
    const org = await nightly({
      orgOptions,
      seed: {
        users: staff(PEOPLE).map((person) => ({
          status: 'ACTIVE' as const,
          profile: { ...person, email: person.login },
        })),
      },
    });
    const { ledger } = org.okta;
    const adopted = await org.night(staff(PEOPLE), ['--adopt-existing']);
    expect(org.sync(adopted)).toMatchObject({ adopted: PEOPLE, movers: 0 });

    const before = ledger.requests();
    const unchanged = await org.night(staff(PEOPLE));
    expect(unchanged).toMatchObject({ exitCode: 0 });
    expect(ledger.requests() - before).toBeLessThanOrEqual(55);

    const beforeChanges = ledger.requests();
    const people = staff(PEOPLE - 5).map((person, index) =>
      index % 500 === 0 ? employee(index + 1, { title: 'Head clerk' }) : person,
    );
    const changed = await org.night(people, ['--leavers=suspend']);
    expect(changed).toMatchObject({ exitCode: 0 });
    expect(org.sync(changed)).toMatchObject({ movers: 20, leavers: 5 });
    expect(ledger.requests() - beforeChanges).toBeLessThanOrEqual(80);
  },
);

it('reads people of a large org several at a time, and each of them once', async () => {
  const others = Array.from({ length: 8000 }, (_, index) => {
    const login = `other${index}@example.com`;
    return { profile: { login, email: login, firstName: 'Other', lastName: `Person${index}` } };
  });
  const org = await nightly({ latencyMs: 20, seed: { users: others } });

  await org.night(staff(30), ['--dry-run']);

  const { ledger } = org.okta;
  expect(ledger.maxInFlight).toBe(10);
  // By employee number and by login.
  const reads = ledger.requests({ operation: 'listUsers' }) + ledger.requests({ operation: 'getUser' });
  expect(reads).toBeLessThanOrEqual(2 * 30 + 2);
});
