import { expect, it } from 'vitest';

import type { LinkRecipient } from '../../src/engine/keep-link.js';
import { LockLostError } from '../../src/journal/lock-file.js';
import { createOf, workbench } from './build.js';

it('issues no link when the lock was lost while the user was created', async () => {
  const { okta, apply, cancellation } = await workbench();
  const links: LinkRecipient = { has: () => false, add: () => Promise.resolve() };
  let isHeld = true;
  const assertHeld = (): void => {
    if (!isHeld) throw new LockLostError('people.csv', 'people.lock', undefined);
    // The create is the first to ask.
    isHeld = false;
  };
  const operation = {
    ...createOf(1),
    options: { activate: false },
    firstSignIn: { kind: 'link' },
  } as const;

  const outcome = await apply(operation, { links, assertHeld });

  expect(outcome).toMatchObject({ status: 'failed', error: { errorCode: 'ERR_OUTCOME_UNKNOWN' } });
  expect(cancellation.reason).toMatchObject({ error: { code: 'ERR_LOCK_LOST' } });
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(0);
});
