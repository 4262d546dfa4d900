import { expect, it } from 'vitest';

import { activateStagedUser } from '../../src/engine/activate-user.js';
import { createOf, workbench } from './build.js';

it('an activation whose response was lost was by this run, whatever the clock of the org says', async () => {
  const { okta, client, context } = await workbench({
    faults: [{ on: 'activateUser', nth: 1, then: 'reset-after-commit' }],
  });
  const { request, row, login } = createOf(1);
  const { user } = await client.createUser(JSON.stringify(request), { activate: false });

  const outcome = await activateStagedUser(
    { kind: 'activate', row, login, oktaId: user.id },
    { ...context, sendEmail: true, sinceMs: Number.MAX_SAFE_INTEGER },
  );

  expect(outcome).toMatchObject({ status: 'activated' });
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(1);
});
