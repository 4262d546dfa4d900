import type { OktaClient } from '../../src/okta/client.js';
import { describe, expect, it } from 'vitest';

import { JournalError } from '../../src/journal/journal.js';
import { OUTCOME_UNKNOWN } from '../../src/rows/outcome.js';
import type { FaultAction } from '../../src/sandbox/faults.js';
import type { ApplyContext } from '../../src/engine/apply-context.js';
import { CreateHealth } from '../../src/engine/create-health.js';
import { createOf, hastyClock, profileOf, workbench, type Workbench } from './build.js';
import { until } from '../helpers/until.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** One attempt of an earlier process, interrupted at once. */
function inDoubtSince(sinceMs: number): NonNullable<ApplyContext['past']> {
  const possible = {
    sinceMs,
    expectedUntilMs: sinceMs + 35_000,
    untilMs: sinceMs + 635_000,
    isCalibrated: true,
  };
  return { isInDoubt: () => true, possibleCreates: () => [possible], interruptedUpdate: () => undefined };
}

/** Creates a user as another client of the org. */
async function createForeigner({ okta }: Workbench, profile: object): Promise<string> {
  const response = await fetch(`${okta.url}/api/v1/users?activate=true`, {
    method: 'POST',
    headers: {
      authorization: `SSWS ${okta.token}`,
      accept: 'application/json',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ profile }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { id: string }).id;
}

describe('a create with one fault', () => {
  const beforeCommit: readonly FaultAction[] = [
    { then: 'status-500' },
    { then: 'status-502' },
    { then: 'status-503' },
    { then: 'status-504' },
    { then: 'read-only' },
    { then: 'reset-before-commit' },
    { then: '429-no-headers' },
    { then: '429-reset-in-past' },
    { then: '429-concurrency' },
    { then: 'okta-error', errorCode: 'E0000112' },
    { then: 'html-body', status: 200 },
    { then: 'html-body', status: 502 },
  ];
  const afterCommit: readonly FaultAction[] = [
    { then: 'reset-after-commit' },
    { then: '500-after-commit' },
    { then: '502-after-commit' },
    { then: '504-after-commit' },
    { then: 'truncated-body' },
    { then: 'half-json-body' },
    { then: 'empty-body' },
    { then: 'html-body-after-commit' },
    { then: 'slow-after-commit', delayMs: 3000 },
    { then: 'duplicate-reset-header' },
  ];
  const all = [
    ...beforeCommit.map((action) => [action.then, 2, action] as const),
    ...afterCommit.map((action) => [action.then, 1, action] as const),
  ];

  it.each(all)('creates one user despite %s, with %i creates sent', async (_, sent, action) => {
    const bench = await workbench(
      { faults: [{ on: 'createUser', nth: 1, ...action }] },
      'delayMs' in action ? { requestTimeoutMs: 1000 } : {},
    );
    const outcome = await bench.apply(createOf(1));

    expect(outcome).toMatchObject({
      status: 'created',
      oktaId: bench.okta.findUser('user1@example.com')?.id,
      userStatus: 'PROVISIONED',
    });
    expect(bench.okta.ledger.created).toHaveLength(1);
    expect(bench.okta.ledger.createsSent('user1@example.com')).toBe(sent);
    expect(bench.okta.ledger.createsOfTakenLogins).toEqual([]);
    expect(bench.journaled[0]).toEqual({ kind: 'attempt', row: 1 });
    expect(bench.journaled.at(-1)).toEqual({ kind: 'outcome', row: 1 });
    expect(bench.cancellation.reason).toBeUndefined();
  });

  it('that succeeds only after its response timed out creates one user', async () => {
    const bench = await workbench(
      { faults: [{ on: 'createUser', nth: 1, then: 'slow-before-commit', delayMs: 600 }] },
      { requestTimeoutMs: 300 },
    );
    expect(await bench.apply(createOf(1))).toMatchObject({ status: 'created' });
    expect(bench.okta.ledger.created).toHaveLength(1);
  });

  it('journals each attempt before it is sent', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', nth: [1, 2], then: 'status-500' }] });
    const outcome = await bench.apply(createOf(1), {
      journal: {
        ...bench.context.journal,
        recordAttempt: async (operation) => {
          const journaledBefore = bench.journaled.length;
          expect(bench.okta.ledger.requests({ operation: 'createUser' })).toBe(journaledBefore);
          await bench.context.journal.recordAttempt(operation, { orgMs: 0 });
        },
      },
    });
    expect(outcome).toMatchObject({ status: 'created', attempts: 3 });
    expect(bench.journaled.map(({ kind }) => kind)).toEqual(['attempt', 'attempt', 'attempt', 'outcome']);
  });

  it('retries reading the user back when that fails as well', async () => {
    const bench = await workbench({
      faults: [
        { on: 'createUser', nth: 1, then: 'reset-after-commit' },
        { on: 'getUser', nth: 1, then: 'status-500' },
        { on: 'getUser', nth: 2, then: 'truncated-body' },
        { on: 'getUser', nth: 3, then: 'reset-before-commit' },
      ],
    });
    expect(await bench.apply(createOf(1))).toMatchObject({ status: 'created', attempts: 1 });
    expect(bench.okta.ledger.createsSent('user1@example.com')).toBe(1);
  });

  it('fails after six creates that were not processed, with the reason', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', then: 'status-500' }] });
    expect(await bench.apply(createOf(1))).toMatchObject({
      status: 'failed',
      attempts: 6,
      error: { errorCode: 'E0000009' },
    });
    expect(bench.cancellation.reason).toBeUndefined();
  });

  it("fails at once when the response is about the row, with Okta's message", async () => {
    const bench = await workbench();
    const outcome = await bench.apply(createOf(1, { email: 'not-an-email' }));
    expect(outcome).toMatchObject({ status: 'failed', attempts: 1, error: { errorCode: 'E0000001' } });
    expect(bench.okta.ledger.requests({ operation: 'getUser' })).toBe(0);
  });
});

describe('a login of another user', () => {
  it.each([
    ['another profile', { firstName: 'Somebody' }],
    ['the same profile', {}],
  ])('fails when it existed before, with %s', async (_, more) => {
    const bench = await workbench({ seed: { users: [{ profile: profileOf(1, more) }] } });
    expect(await bench.apply(createOf(1))).toMatchObject({
      status: 'failed',
      error: { errorCode: 'E0000001', message: expect.stringContaining('This login already exists in Okta') },
    });
    expect(bench.okta.ledger.created).toHaveLength(0);
  });

  it('fails when the create was in doubt and a user with the same profile existed long before', async () => {
    let agoMs = HOUR_MS;
    const bench = await workbench({
      now: () => Date.now() - agoMs,
      seed: { users: [{ profile: profileOf(1) }] },
      faults: [{ on: 'createUser', nth: 1, then: 'reset-before-commit' }],
    });
    agoMs = 0;
    // The org's clock was corrected: one response is enough to notice it.
    await bench.client.listUserTypes();
    expect(await bench.apply(createOf(1))).toMatchObject({
      status: 'failed',
      error: { errorCode: 'ERR_LOGIN_TAKEN' },
    });
    expect(bench.okta.ledger.createsSent('user1@example.com')).toBe(1);
  });

  it('is in doubt, with the differences, when another client created it while the create was in doubt', async () => {
    const bench = await workbench({
      faults: [{ on: 'createUser', nth: 1, then: 'reset-before-commit' }],
    });
    let foreigner = '';
    const clock = {
      now: () => bench.context.clock.now(),
      sleep: async () => {
        foreigner = await createForeigner(bench, profileOf(1, { firstName: 'Somebody' }));
      },
    };
    expect(await bench.apply(createOf(1), { clock })).toMatchObject({
      status: 'failed',
      error: { errorCode: OUTCOME_UNKNOWN, message: expect.stringContaining('differs in firstName') },
      conflict: foreigner,
    });
  });

  it('is also in doubt when another client created it between reading back and the second create', async () => {
    const bench = await workbench({
      faults: [{ on: 'createUser', nth: 1, then: 'reset-before-commit' }],
    });
    let attempts = 0;
    const journal = {
      ...bench.context.journal,
      recordAttempt: async () => {
        attempts += 1;
        if (attempts === 2) await createForeigner(bench, profileOf(1, { firstName: 'Somebody' }));
      },
    };
    expect(await bench.apply(createOf(1), { journal })).toMatchObject({
      status: 'failed',
      attempts: 2,
      error: { errorCode: OUTCOME_UNKNOWN, message: expect.stringContaining('differs in firstName') },
    });
  });
});

describe('with any clock of the org', () => {
  const skews = [
    ['10 minutes ahead', 10 * MINUTE_MS],
    ['10 minutes behind', -10 * MINUTE_MS],
    ['right', 0],
  ] as const;

  it.each(skews)(
    'recognizes the user that the run created, with a clock that is %s',
    async (_, clockSkewMs) => {
      const bench = await workbench({
        clockSkewMs,
        faults: [{ on: 'createUser', then: '500-after-commit' }],
      });
      for (let row = 1; row <= 10; row += 1) {
        expect(await bench.apply(createOf(row))).toMatchObject({ status: 'created', attempts: 1 });
      }
      expect(bench.okta.ledger.created).toHaveLength(10);
    },
  );

  it.each(skews)(
    'a user of five minutes ago is not ours, with a clock that is %s',
    async (_, clockSkewMs) => {
      let agoMs = 5 * MINUTE_MS;
      const bench = await workbench({
        clockSkewMs,
        now: () => Date.now() - agoMs,
        seed: { users: [{ profile: profileOf(1) }] },
        faults: [{ on: 'createUser', nth: 1, then: 'status-500' }],
      });
      agoMs = 0;
      await bench.client.listUserTypes();
      expect(await bench.apply(createOf(1))).toMatchObject({
        status: 'failed',
        error: { errorCode: 'ERR_LOGIN_TAKEN' },
      });
    },
  );
});

/** Finds no user the first few times, and none by search. */
function lagging(client: OktaClient, looks: number): OktaClient {
  let left = looks;
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name === 'listUsers') return async function* () {};
      if (name !== 'findUserByLogin') return value.bind(target) as unknown;
      return async (login: string) => ((left -= 1) >= 0 ? undefined : target.findUserByLogin(login));
    },
  });
}

describe('an org whose reads lag behind its writes', () => {
  it('is read again when it rejects a login that no user seems to have', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', nth: 1, then: 'reset-after-commit' }] });
    const outcome = await bench.apply(createOf(1), { client: lagging(bench.client, 4) });
    expect(outcome).toMatchObject({ status: 'created' });
    expect(bench.okta.ledger.created).toHaveLength(1);
  });

  it('leaves the row in doubt, not failed, when the two never agree', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', nth: 1, then: 'reset-after-commit' }] });
    const outcome = await bench.apply(createOf(1), { client: lagging(bench.client, 100) });
    expect(outcome).toMatchObject({ status: 'failed', error: { errorCode: 'ERR_OUTCOME_UNKNOWN' } });
  });
});

describe('an org in which creates fail for a while', () => {
  it('gets more than six attempts while no row succeeds', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', times: 9, then: 'status-503' }] });
    const createHealth = new CreateHealth();
    const outcome = await bench.apply(createOf(1), { createHealth });
    expect(outcome).toMatchObject({ status: 'created', attempts: 10 });
    expect(createHealth.hasCreatedRecently(hastyClock.now())).toBe(true);
    expect(createHealth.failingForMs(hastyClock.now())).toBe(0);
  });

  it('ends the run when that lasts longer than an org may be unavailable', async () => {
    const bench = await workbench(
      { faults: [{ on: 'createUser', then: 'status-503' }] },
      { giveUpAfterMs: 20 },
    );
    const createHealth = new CreateHealth();
    const outcome = await bench.apply(createOf(1), { createHealth });
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(bench.cancellation.reason).toMatchObject({ kind: 'failed', error: { code: 'ERR_CREATES_FAIL' } });
  });

  it('fails the row after six attempts when other rows succeed', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', then: 'status-503' }] });
    const createHealth = new CreateHealth();
    createHealth.recordCreated(Number.POSITIVE_INFINITY);
    const outcome = await bench.apply(createOf(1), { createHealth });
    expect(outcome).toMatchObject({ status: 'failed', attempts: 6 });
  });
});

it('keeps a secret that the org quotes in its error out of the report', async () => {
  const bench = await workbench({
    faults: [
      {
        on: 'createUser',
        then: 'okta-error',
        errorCode: 'E0000001',
        causes: ['password: "Correct-Horse-7" is too weak'],
      },
    ],
  });
  const request = { profile: profileOf(1), credentials: { password: { value: 'Correct-Horse-7' } } };
  const outcome = await bench.apply({ ...createOf(1), request });
  expect(JSON.stringify(outcome)).not.toContain('Correct-Horse-7');
  expect(outcome).toMatchObject({
    status: 'failed',
    error: { message: expect.stringContaining('[redacted]') },
  });
});

describe('a resumed run', () => {
  it('finds the user that it created when a create was in doubt, and sends nothing', async () => {
    const bench = await workbench();
    const sinceMs = Date.now();
    const before = await bench.apply(createOf(1));
    const outcome = await bench.apply(createOf(1), { past: inDoubtSince(sinceMs) });
    expect(outcome).toMatchObject({ status: 'created', attempts: 0, oktaId: oktaIdOf(before) });
    expect(bench.okta.ledger.createsSent('user1@example.com')).toBe(1);
  });

  it('sends a create again that was in doubt and did not succeed', async () => {
    const bench = await workbench();
    const outcome = await bench.apply(createOf(1), { past: inDoubtSince(Date.now()) });
    expect(outcome).toMatchObject({ status: 'created', attempts: 1 });
    expect(bench.okta.ledger.requests({ operation: 'getUser' })).toBe(1);
  });
});

describe('a run that is being stopped', () => {
  it('because of a revoked token leaves the row not attempted', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', nth: 1, then: 'revoke-token' }] });
    expect(await bench.apply(createOf(1))).toMatchObject({
      status: 'not-attempted',
      reason: expect.stringContaining('E0000011'),
    });
    expect(bench.cancellation.signal.aborted).toBe(true);
  });

  it('because of a token revoked while a create is in doubt reports the outcome as unknown', async () => {
    const bench = await workbench({
      faults: [
        { on: 'createUser', nth: 1, then: 'reset-after-commit' },
        { on: 'getUser', nth: 1, then: 'revoke-token' },
      ],
    });
    expect(await bench.apply(createOf(1))).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: { errorCode: OUTCOME_UNKNOWN },
    });
    expect(bench.cancellation.signal.aborted).toBe(true);
  });

  it('sends nothing for later rows', async () => {
    const bench = await workbench();
    bench.cancellation.abort({ kind: 'interrupted', signal: 'SIGINT' });
    expect(await bench.apply(createOf(1))).toMatchObject({ status: 'not-attempted', attempts: 0 });
    expect(bench.okta.ledger.requests({ operation: 'createUser' })).toBe(0);
  });

  it('waits for the response of a create that was sent before', async () => {
    const bench = await workbench({ latencyMs: 100 });
    const applying = bench.apply(createOf(1));
    await until(() => bench.okta.ledger.requests() + bench.okta.ledger.createsSent('user1@example.com') >= 2);
    bench.cancellation.abort({ kind: 'interrupted', signal: 'SIGINT' });
    expect(await applying).toMatchObject({ status: 'created' });
  });

  it('settles a create in doubt before it ends', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', nth: 1, then: 'reset-after-commit' }] });
    const clock = {
      now: () => bench.context.clock.now(),
      sleep: async (ms: number, signal?: AbortSignal) => {
        bench.cancellation.abort({ kind: 'interrupted', signal: 'SIGTERM' });
        await bench.context.clock.sleep(ms, signal);
      },
    };
    expect(await bench.apply(createOf(1), { clock })).toMatchObject({ status: 'created', attempts: 1 });
  });

  it('gives up settling when the org does not respond in time', async () => {
    const bench = await workbench({
      faults: [
        { on: 'createUser', nth: 1, then: 'reset-after-commit' },
        { on: 'getUser', then: 'reset-before-commit' },
      ],
    });
    const applying = bench.apply(createOf(1));
    await until(() => bench.okta.ledger.requests({ operation: 'getUser' }) >= 3);
    bench.cancellation.abort({ kind: 'interrupted', signal: 'SIGINT' });
    expect(await applying).toMatchObject({ status: 'failed', error: { errorCode: OUTCOME_UNKNOWN } });
    expect(bench.cancellation.reason).toEqual({ kind: 'interrupted', signal: 'SIGINT' });
  });

  it('gives up settling in time also when the stop came before it started', async () => {
    const bench = await workbench(
      {
        faults: [
          { on: 'createUser', nth: 1, then: 'reset-after-commit' },
          { on: 'getUser', then: 'reset-before-commit' },
        ],
      },
      { giveUpAfterMs: 600_000 },
    );
    const clock = {
      now: () => bench.context.clock.now(),
      sleep: async (ms: number, signal?: AbortSignal) => {
        bench.cancellation.abort({ kind: 'interrupted', signal: 'SIGTERM' });
        await bench.context.clock.sleep(ms, signal);
      },
    };
    expect(await bench.apply(createOf(1), { clock })).toMatchObject({
      status: 'failed',
      error: { errorCode: OUTCOME_UNKNOWN },
    });
  });

  it('never reports a row as not attempted when its create got no response', async () => {
    const bench = await workbench({ faults: [{ on: 'createUser', nth: 1, then: 'reset-before-commit' }] });
    const clock = {
      now: () => bench.context.clock.now(),
      sleep: async (ms: number, signal?: AbortSignal) => {
        bench.cancellation.abort({ kind: 'interrupted', signal: 'SIGTERM' });
        await bench.context.clock.sleep(ms, signal);
      },
    };
    expect(await bench.apply(createOf(1), { clock })).toMatchObject({
      status: 'failed',
      error: { errorCode: OUTCOME_UNKNOWN, message: expect.stringContaining('Interrupted by SIGTERM') },
    });
  });

  it('because the org is unavailable says so, and leaves the row in doubt', async () => {
    const bench = await workbench(
      { faults: [{ on: 'createUser', nth: 1, then: 'reset-after-commit' }] },
      { giveUpAfterMs: 50 },
    );
    bench.okta.addFault({ on: 'getUser', then: 'reset-before-commit' });
    expect(await bench.apply(createOf(1))).toMatchObject({
      status: 'failed',
      error: { errorCode: OUTCOME_UNKNOWN },
    });
    expect(bench.cancellation.reason).toMatchObject({ kind: 'failed' });
  });
});

describe('a journal that cannot be written', () => {
  const full = new JournalError('journal.ndjson', new Error('ENOSPC'));

  it('before the create prevents it, and stops the run', async () => {
    const bench = await workbench();
    const journal = { ...bench.context.journal, recordAttempt: () => Promise.reject(full) };
    expect(await bench.apply(createOf(1), { journal })).toMatchObject({
      status: 'not-attempted',
      attempts: 0,
    });
    expect(bench.okta.ledger.requests({ operation: 'createUser' })).toBe(0);
    expect(bench.cancellation.reason).toEqual({ kind: 'failed', error: full });
  });

  it('after the response stops the run, and still returns the outcome', async () => {
    const bench = await workbench();
    const journal = { ...bench.context.journal, recordOutcome: () => Promise.reject(full) };
    expect(await bench.apply(createOf(1), { journal })).toMatchObject({ status: 'created' });
    expect(bench.cancellation.reason).toEqual({ kind: 'failed', error: full });
  });
});

function oktaIdOf(outcome: object): unknown {
  return 'oktaId' in outcome ? outcome.oktaId : undefined;
}
