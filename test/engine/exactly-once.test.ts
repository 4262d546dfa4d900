import { describe, expect, it } from 'vitest';

import type { ApplyContext } from '../../src/engine/apply-context.js';
import { OUTCOME_UNKNOWN } from '../../src/rows/outcome.js';
import type { Profile } from '../../src/okta/types.js';
import type { FaultAction } from '../../src/sandbox/faults.js';

import { createOf, hastyClock, profileOf, workbench, type Workbench } from './build.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Rows of one run: they share what its creates show about the org. */
async function applyRows(bench: Workbench, rows: number): Promise<string[]> {
  const statuses: string[] = [];
  for (let row = 1; row <= rows; row += 1) statuses.push((await bench.apply(createOf(row))).status);
  return statuses;
}

function created(rows: number): string[] {
  return Array.from({ length: rows }, () => 'created');
}

describe('a response that is not from Okta, in place of the success of a create,', () => {
  it.each([302, 400, 401, 403, 404, 405, 407, 413, 429, 431, 499, 501, 511])(
    'with status %d leaves the row in doubt, and the user is found',
    async (status) => {
      const bench = await workbench({
        faults: [{ on: 'createUser', nth: 2, then: 'html-body-after-commit', status }],
      });
      expect(await applyRows(bench, 3)).toEqual(created(3));
      expect(bench.okta.ledger.created).toHaveLength(3);
      expect(bench.cancellation.reason).toBeUndefined();
    },
  );

  it('ends the run when every create gets one, with the rows in doubt and not "not attempted"', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', then: 'html-body', status: 403 }] });
    expect(await bench.apply(createOf(1))).toMatchObject({
      status: 'failed',
      attempts: 2,
      error: { errorCode: OUTCOME_UNKNOWN },
    });
    expect(bench.cancellation.reason).toMatchObject({ kind: 'failed', error: { status: 403 } });
  });

  it('with status 429 makes the row wait, and read the user before it sends the create again', async () => {
    const bench = await workbench({
      faults: [{ on: 'createUser', nth: 1, then: 'html-body', status: 429 }],
    });
    expect(await bench.apply(createOf(1))).toMatchObject({ status: 'created', attempts: 2 });
    expect(bench.okta.ledger.requests({ operation: 'getUser' })).toBe(1);
  });
});

describe('a user that exists at the first attempt', () => {
  it('was created by this row when a proxy sent the request twice', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', every: 5, then: 'sent-twice' }] });
    expect(await applyRows(bench, 20)).toEqual(created(20));
    expect(bench.okta.ledger.created).toHaveLength(20);
  });

  it.each(['E0000047', 'E0000010'] as const)(
    'was created by this row when the response to a successful create was replaced by %s',
    async (errorCode) => {
      const bench = await workbench({
        faults: [{ on: 'createUser', nth: 2, then: 'okta-error-after-commit', errorCode }],
      });
      expect(await applyRows(bench, 3)).toEqual(created(3));
    },
  );

  it('belongs to another client when it is older, or has another profile', async () => {
    const bench = await workbench({ seed: { users: [{ profile: profileOf(1) }] } });
    await bench.apply(createOf(2, { title: 'Lead' }));
    expect(await bench.apply(createOf(1))).toMatchObject({
      status: 'failed',
      error: { errorCode: 'E0000001' },
    });
    expect(await bench.apply(createOf(2, { title: 'Chief' }))).toMatchObject({
      status: 'failed',
      error: { errorCode: 'E0000001' },
    });
  });
});

describe('a create that the org processes late', () => {
  it('has an unknown outcome, not a failed one, although other rows succeed', async () => {
    const bench = await workbench();
    expect(await applyRows(bench, 1)).toEqual(['created']);
    bench.okta.addFault({ on: 'createUser', login: 'user2@example.com', then: 'reset-before-commit' });
    const sinceMs = Date.now();
    const outcome = await bench.apply(createOf(2));
    expect(outcome).toMatchObject({
      status: 'failed',
      attempts: 6,
      error: { errorCode: OUTCOME_UNKNOWN },
    });
    bench.okta.clearFaults();
    // What the org had received before is processed now.
    await bench.client.createUser(JSON.stringify(createOf(2).request), { activate: true });

    const resumed = await bench.apply(createOf(2), { past: inDoubt({ sinceMs }) });
    expect(resumed).toMatchObject({ status: 'created', attempts: 0 });
  });
});

describe('a lost response', () => {
  const lost: FaultAction = { then: 'reset-after-commit' };

  it.each([
    ['an attribute that the org hides', { hiddenAttributes: ['department'] }],
    [
      'an email address that it stores in lower case, and text that it normalizes',
      { normalizesProfiles: true },
    ],
  ])('recognizes the user that the run created despite %s', async (_, orgOptions) => {
    const bench = await workbench({ orgOptions, faults: [{ on: 'createUser', every: 2, ...lost }] });
    for (let row = 1; row <= 4; row += 1) {
      // "é" in two code points.
      const more = { department: 'Cafe\u0301', email: `User${row}@Example.com` };
      expect(await bench.apply(createOf(row, more))).toMatchObject({ status: 'created' });
    }
    expect(bench.okta.ledger.created).toHaveLength(4);
  });

  it('leaves the row in doubt, with the differences, when another client edits the user within the second', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', nth: 1, ...lost }] });
    const clock = {
      now: () => hastyClock.now(),
      sleep: async () => {
        const id = bench.okta.findUser('user1@example.com')?.id ?? '';
        await bench.client.updateProfile(id, { lastName: 'Married' });
      },
    };
    expect(await bench.apply(createOf(1), { clock })).toMatchObject({
      status: 'failed',
      error: { errorCode: OUTCOME_UNKNOWN, message: expect.stringContaining('differs in lastName') },
      conflict: bench.okta.findUser('user1@example.com')?.id,
    });
  });

  it.each([
    ['seconds ahead', { dateSkewMs: 7000 }],
    ['minutes ahead', { dateSkewMs: 5 * MINUTE_MS }],
    ['seconds behind', { dateSkewMs: -7000 }],
    ['missing', { sendsDate: false }],
    ['missing, and this clock is an hour off', { sendsDate: false, clockSkewMs: HOUR_MS }],
  ])('recognizes the user that the run created when Date is %s', async (_, options) => {
    const bench = await workbench({ ...options, faults: [{ on: 'createUser', every: 2, ...lost }] });
    expect(await applyRows(bench, 6)).toEqual(created(6));
    expect(bench.okta.ledger.created).toHaveLength(6);
  });

  it('leaves the row in doubt until the response to a create has shown how far ahead Date is', async () => {
    const bench = await workbench({ dateSkewMs: 7000, faults: [{ on: 'createUser', nth: 1, ...lost }] });
    expect(await bench.apply(createOf(1))).toMatchObject({
      status: 'failed',
      error: { errorCode: OUTCOME_UNKNOWN, message: expect.stringContaining('just outside of the time') },
    });
  });

  it.each([
    ['a minute ahead', { dateSkewMs: MINUTE_MS }],
    ['a minute behind', { dateSkewMs: -MINUTE_MS }],
    ['missing', { sendsDate: false }],
    ['missing, and this clock is an hour off', { sendsDate: false, clockSkewMs: HOUR_MS }],
  ])('does not claim a user of another client when Date is %s', async (_, options) => {
    let agoMs = 0;
    const bench = await workbench({ ...options, now: () => Date.now() - agoMs });
    expect(await applyRows(bench, 1)).toEqual(['created']);
    agoMs = 20_000;
    const stranger = await bench.client.createUser(JSON.stringify({ profile: profileOf(2) }), {
      activate: true,
    });
    agoMs = 0;
    bench.okta.addFault({ on: 'createUser', nth: 1, then: 'reset-before-commit' });
    expect(await bench.apply(createOf(2))).toMatchObject({
      status: 'failed',
      error: { errorCode: 'ERR_LOGIN_TAKEN', message: expect.stringContaining(stranger.user.id) },
    });
  });
});

/** One attempt of an earlier process. */
function inDoubt({
  sinceMs,
  isCalibrated = true,
}: {
  sinceMs: number;
  isCalibrated?: boolean;
}): NonNullable<ApplyContext['past']> {
  const possible = { sinceMs, expectedUntilMs: sinceMs + 35_000, untilMs: sinceMs + 635_000, isCalibrated };
  return { isInDoubt: () => true, possibleCreates: () => [possible], interruptedUpdate: () => undefined };
}

describe('a row that an interrupted run left in doubt', () => {
  /** A user that was created this long after the attempt. */
  async function createdAfter(
    ms: number,
    more: Profile = {},
  ): Promise<{ bench: Workbench; sinceMs: number }> {
    let agoMs = 0;
    const bench = await workbench({ now: () => Date.now() - agoMs });
    agoMs = 24 * HOUR_MS - ms;
    const sinceMs = Date.now() - 24 * HOUR_MS;
    await bench.client.createUser(JSON.stringify({ profile: profileOf(1, more) }), { activate: true });
    agoMs = 0;
    await bench.client.listUserTypes();
    return { bench, sinceMs };
  }

  it.each([
    ['a moment later', 1000],
    ['within the time that its request could take', 30_000],
  ])('is created when the user was created %s', async (_, ms) => {
    const { bench, sinceMs } = await createdAfter(ms);
    expect(await bench.apply(createOf(1), { past: inDoubt({ sinceMs }) })).toMatchObject({
      status: 'created',
    });
  });

  it('remains in doubt when the user was created minutes after the run was killed: a late result, or another import', async () => {
    const { bench, sinceMs } = await createdAfter(5 * MINUTE_MS);
    expect(await bench.apply(createOf(1), { past: inDoubt({ sinceMs }) })).toMatchObject({
      status: 'failed',
      error: {
        errorCode: OUTCOME_UNKNOWN,
        message: expect.stringContaining('after the run was interrupted'),
      },
      conflict: bench.okta.findUser('user1@example.com')?.id,
    });
  });

  it.each([
    ['before', -10_000],
    ['ten hours after', 10 * HOUR_MS],
    ['eleven minutes after', 11 * MINUTE_MS],
  ])('has a taken login when another client created the user %s the attempt', async (_, ms) => {
    const { bench, sinceMs } = await createdAfter(ms);
    expect(await bench.apply(createOf(1), { past: inDoubt({ sinceMs }) })).toMatchObject({
      status: 'failed',
      error: { errorCode: 'ERR_LOGIN_TAKEN' },
    });
  });

  it('remains in doubt when the profile differs, and names the attributes', async () => {
    const { bench, sinceMs } = await createdAfter(1000, { lastName: 'Other', title: 'Lead' });
    expect(await bench.apply(createOf(1), { past: inDoubt({ sinceMs }) })).toMatchObject({
      status: 'failed',
      error: { errorCode: OUTCOME_UNKNOWN, message: expect.stringContaining('differs in lastName') },
    });
  });

  it('is not attempted, and no longer in doubt, when no user exists after its end and the run stops', async () => {
    const bench = await workbench();
    bench.cancellation.abort({ kind: 'interrupted', signal: 'SIGINT' });
    const past = { ...inDoubt({ sinceMs: Date.now() - HOUR_MS }), isInDoubt: () => false };
    expect(await bench.apply(createOf(1), { past })).toMatchObject({ status: 'not-attempted' });
  });
});

it('knows the user that Okta created although it rejected the credentials', async () => {
  const bench = await workbench({
    faults: [{ on: 'createUser', nth: 1, then: 'credentials-refused' }],
  });
  expect(await bench.apply(createOf(1))).toMatchObject({
    status: 'failed',
    error: { errorCode: 'E0000014', message: expect.stringContaining('created without credentials') },
    written: {
      status: 'created',
      oktaId: bench.okta.findUser('user1@example.com')?.id,
      lacks: 'credentials',
    },
  });
});
