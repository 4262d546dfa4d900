import { expect, it } from 'vitest';

import { LAG } from '../helpers/run-nights.js';
import { employee, nightly, staff } from '../helpers/nightly.js';
import { until } from '../helpers/until.js';

it('a resumed night suspends its leavers although searches do not find yet whom it created', async () => {
  const org = await nightly({ latencyMs: 20, orgOptions: LAG });
  const { ledger } = org.okta;
  await org.night(staff(6));
  const creates = ledger.requests({ operation: 'createUser' });
  const tonight = staff(9).filter(({ login }) => login !== 'person6@example.com');
  const args = ['--leavers=suspend', '--concurrency=1', '--run-id=night'];
  const created = until(() => ledger.requests({ operation: 'createUser' }) >= creates + 2);
  const interrupted = await org.night(tonight, args, { interrupt: created.then(() => 'SIGINT') });
  expect(interrupted).toMatchObject({ exitCode: 130 });
  expect(org.okta.findUser('person6@example.com')?.status).toBe('ACTIVE');

  const resumed = await org.run(['resume', 'night', '--json']);

  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(resumed.stderr).not.toContain('no leaver is acted on');
  expect(org.okta.findUser('person6@example.com')?.status).toBe('SUSPENDED');
});

it('a night that is undone and run again at once does the same again, and verify sees through searches that lag', async () => {
  const org = await nightly({ orgOptions: LAG });
  await org.night(staff(6));
  const tonight = [employee(1, { title: 'Chief' }), ...staff(7).slice(1)].filter(
    ({ login }) => login !== 'person6@example.com',
  );
  await org.night(tonight, ['--leavers=suspend', '--run-id=night']);
  await org.run(['undo', 'night', '--yes']);

  const verified = await org.run(['verify', 'night']);
  expect(verified.exitCode).toBe(1);
  expect(verified.stdout).toMatch(/person1@example\.com .*profile was changed since the run/);
  expect(verified.stdout).toMatch(/person6@example\.com .*was unsuspended since the run/);
  expect(verified.stdout).toMatch(/person7@example\.com .*no longer exists/);

  expect(await org.night(tonight, ['--leavers=suspend'])).toMatchObject({ exitCode: 0 });
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Chief');
  expect(org.okta.findUser('person6@example.com')?.status).toBe('SUSPENDED');
  expect(org.okta.findUser('person7@example.com')?.status).toBe('ACTIVE');
});
