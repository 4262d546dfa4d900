import { expect, it } from 'vitest';

import { employee, nightly, staff } from '../helpers/nightly.js';

it('an undone night cannot be resumed, and the next night does the same again', async () => {
  const org = await nightly();
  await org.night(staff(6));
  const tonight = [employee(1, { title: 'Chief' }), ...staff(7).slice(1)].filter(
    ({ login }) => login !== 'person6@example.com',
  );
  await org.night(tonight, ['--leavers=suspend', '--run-id=night']);
  await org.run(['undo', 'night', '--yes']);

  const resumed = await org.run(['resume', 'night']);
  expect(resumed).toMatchObject({ exitCode: 2 });
  expect(resumed.stderr).toContain('was undone.\nImport the file, or run the sync, again instead.');

  const again = await org.night(tonight, ['--leavers=suspend']);
  expect(org.sync(again)).toMatchObject({ joiners: 1, movers: 1, leavers: 1, keptEdits: 0 });
  expect(org.okta.findUser('person6@example.com')?.status).toBe('SUSPENDED');
});
