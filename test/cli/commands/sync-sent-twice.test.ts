import { expect, it } from 'vitest';

import { employee, nightly, staff, type Nightly } from '../../helpers/nightly.js';

const statusOf = ({ okta }: Nightly, number: number): string | undefined =>
  okta.findUser(`person${number}@example.com`)?.status;

it.each(['suspend', 'deactivate'])(
  'when a proxy sends the requests of a night twice, leavers of --leavers %s have left, and undo and return bring them back',
  async (leavers) => {
    const org = await nightly();
    const args = [`--leavers=${leavers}`, '--reactivate', '--yes'];
    const left = leavers === 'suspend' ? 'SUSPENDED' : 'DEPROVISIONED';
    await org.night(staff(6), args);
    org.okta.addFault({ on: 'write', every: 1, then: 'sent-twice' });

    const night = await org.night(staff(5), [...args, '--run-id=night']);
    expect(night).toMatchObject({ exitCode: 0 });
    expect(org.at.run('night').results.at(-1)).toMatchObject({ status: leavers.replace(/e?$/, 'ed') });
    expect(statusOf(org, 6)).toBe(left);

    expect(await org.run(['undo', 'night', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(statusOf(org, 6)).not.toBe(left);

    expect(await org.night(staff(5), args)).toMatchObject({ exitCode: 0 });
    expect(statusOf(org, 6)).toBe(left);
    const returned = [...staff(5), employee(6, { title: 'Chief' })];
    const back = await org.night(returned, args);
    expect(back).toMatchObject({ exitCode: 0 });
    expect(org.sync(back)).toMatchObject({ returners: 1 });
    expect(statusOf(org, 6)).not.toBe(left);
    expect(org.okta.findUser('person6@example.com')?.profile['title']).toBe('Chief');
  },
);
