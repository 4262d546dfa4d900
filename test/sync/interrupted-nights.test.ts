import { expect, it, vi } from 'vitest';

import { LAG } from '../helpers/nights-model.js';
import { nightly, staff } from '../helpers/nightly.js';

it('a resumed night suspends its leavers although searches do not find yet whom it created', async () => {
  const org = await nightly({ latencyMs: 20, orgOptions: LAG });
  const { ledger } = org.okta;
  await org.night(staff(6));
  const creates = ledger.requests({ operation: 'createUser' });
  const tonight = staff(9).filter(({ login }) => login !== 'person6@example.com');
  const args = ['--leavers=suspend', '--concurrency=1', '--run-id=night'];
  const created = vi.waitUntil(() => ledger.requests({ operation: 'createUser' }) >= creates + 2, {
    interval: 1,
  });
  const interrupted = await org.night(tonight, args, { interrupt: created.then(() => 'SIGINT') });
  expect(interrupted).toMatchObject({ exitCode: 130 });
  expect(org.okta.findUser('person6@example.com')?.status).toBe('ACTIVE');

  const resumed = await org.run(['resume', 'night', '--json']);

  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(resumed.stderr).not.toContain('no leaver is acted on');
  expect(org.okta.findUser('person6@example.com')?.status).toBe('SUSPENDED');
});
