import { describe, expect, it, onTestFinished } from 'vitest';

import type { Clock } from '../../src/clock.js';
import type { Profile, User } from '../../src/okta/types.js';
import { createExistingUserPolicy, type ExistingUserPolicy } from '../../src/engine/existing-user-policy.js';
import type { RowOutcome } from '../../src/rows/outcome.js';
import type { CreateOperation } from '../../src/rows/operation.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { createOf, hastyClock, profileOf, rowOf, tempFolder, workbench, type Workbench } from './build.js';

interface UpdateBench extends Workbench {
  readonly existing: ExistingUserPolicy;
  readonly update: (operation: CreateOperation) => Promise<RowOutcome>;
  readonly user: (row: number) => User;
}

/** @param rows - number of rows of the run; above 200 the org is listed. */
async function updateBench(
  options: SandboxOptions = {},
  {
    rows = 1,
    then = 'update',
    clock = hastyClock,
  }: { rows?: number; then?: 'skip' | 'update'; clock?: Clock } = {},
): Promise<UpdateBench> {
  const bench = await workbench(options);
  const existing = createExistingUserPolicy(then, {
    client: bench.client,
    clock,
    rows,
    folder: await tempFolder(),
  })!;
  onTestFinished(() => existing.close());
  return {
    ...bench,
    existing,
    update: (operation) => bench.apply(operation, { existing }),
    user: (row) => bench.okta.findUser(`user${row}@example.com`)!,
  };
}

const users = (count: number, more: Profile = {}): SandboxOptions => ({
  seed: {
    attributes: { skills: { type: 'array', items: { type: 'string' } } },
    groups: [{ name: 'Staff' }, { name: 'Pilots' }],
    users: Array.from({ length: count }, (_, index) => ({ profile: profileOf(index + 1, more) })),
  },
});

async function groupIdOf(bench: Workbench, name: string): Promise<string> {
  const [group] = await bench.client.findGroupsByName(name);
  return group!.id;
}

describe('an existing user', () => {
  it('gets exactly the attributes that differ, and keeps the others', async () => {
    const bench = await updateBench(users(1, { title: 'Engineer', department: 'Sales' }));

    const outcome = await bench.update(
      createOf(1, { title: 'Lead', department: 'Sales', skills: ['a', 'b'] }),
    );

    expect(outcome).toMatchObject({
      status: 'updated',
      attempts: 1,
      userStatus: 'ACTIVE',
      changes: [
        { attribute: 'title', from: 'Engineer', to: 'Lead' },
        { attribute: 'skills', from: null, to: ['a', 'b'] },
      ],
    });
    expect(bench.user(1).profile).toMatchObject({ title: 'Lead', department: 'Sales', skills: ['a', 'b'] });
  });

  it('is not written when nothing differs', async () => {
    const bench = await updateBench(users(1, { title: 'Engineer', skills: ['a', 'b'] }));

    const outcome = await bench.update(createOf(1, { title: 'Engineer', skills: ['a', 'b'] }));

    expect(outcome).toMatchObject({ status: 'unchanged', attempts: 0 });
    expect(bench.journaled).toEqual([{ kind: 'outcome', row: 1 }]);
    expect(bench.okta.ledger.requests({ operation: 'updateUser' })).toBe(0);
  });

  it('is found by a login in another spelling, and keeps its own', async () => {
    const bench = await updateBench(users(1));
    const profile = { ...profileOf(1), login: 'USÉR1@example.com', title: 'Lead' };

    const outcome = await bench.update({ ...createOf(1), login: 'USÉR1@example.com', request: { profile } });

    expect(outcome).toMatchObject({ status: 'updated', changes: [{ attribute: 'title' }] });
    expect(bench.user(1).profile.login).toBe('user1@example.com');
  });

  it('keeps attributes with empty cells, unless they are to be emptied', async () => {
    const bench = await updateBench(users(1, { title: 'Engineer', department: 'Sales' }));

    const outcome = await bench.update({ ...createOf(1), cleared: ['title', 'nickName'] });

    expect(outcome).toMatchObject({
      status: 'updated',
      changes: [{ attribute: 'title', from: 'Engineer', to: null }],
    });
    expect(bench.user(1).profile).not.toHaveProperty('title');
    expect(bench.user(1).profile).toMatchObject({ department: 'Sales' });
  });

  it('keeps its credentials, whatever the row says', async () => {
    const bench = await updateBench(users(1));
    const create = createOf(1, { title: 'Lead' });
    const request = { ...create.request, credentials: { password: { value: 'Ignored-Pass-7' } } };
    const passwordChanged = JSON.stringify(bench.user(1));

    await bench.update({ ...create, request });

    expect(bench.user(1)).toMatchObject({ status: 'ACTIVE', profile: { title: 'Lead' } });
    expect(JSON.parse(passwordChanged)).toMatchObject({
      passwordChanged: (bench.user(1) as User & { passwordChanged: string }).passwordChanged,
    });
  });

  it('that is deactivated is a problem of the row, and stays deactivated', async () => {
    const bench = await updateBench({
      seed: { users: [{ profile: profileOf(1), status: 'DEPROVISIONED' }] },
    });
    expect(await bench.update(createOf(1, { title: 'Lead' }))).toMatchObject({
      status: 'invalid',
      problems: [{ code: 'deprovisioned', message: expect.stringContaining('is deactivated') }],
    });
    expect(bench.user(1)).toMatchObject({ status: 'DEPROVISIONED' });
  });

  it('that is deactivated is found by the rejected create, since listings do not have it', async () => {
    const bench = await updateBench(
      { seed: { users: [{ profile: profileOf(1), status: 'DEPROVISIONED' }] } },
      { rows: 1000 },
    );
    expect(await bench.update(createOf(1))).toMatchObject({
      status: 'invalid',
      problems: [{ code: 'deprovisioned' }],
    });
  });

  it('with another user type is a problem of the row', async () => {
    const bench = await updateBench(users(1));
    const create = createOf(1);
    const request = { ...create.request, type: { id: 'oty0000000000000001' } };

    expect(await bench.update({ ...create, request })).toMatchObject({
      status: 'invalid',
      problems: [{ code: 'other-type' }],
    });
  });

  it('is left alone with skip, deactivated or not', async () => {
    const bench = await updateBench(users(1, { title: 'Engineer' }), { then: 'skip' });

    expect(await bench.update(createOf(1, { title: 'Lead' }))).toMatchObject({
      status: 'exists',
      attempts: 0,
    });
    expect(bench.user(1).profile).toMatchObject({ title: 'Engineer' });
  });

  it('needs only the attributes in the file that change', async () => {
    const bench = await updateBench(users(1));
    const login = 'user1@example.com';
    const missing = { code: 'required-missing', column: undefined, message: 'lastName is missing.' };
    const sparse = {
      ...createOf(1),
      request: { profile: { login, title: 'Lead' } },
      createProblems: [missing],
    };

    expect(await bench.update(sparse)).toMatchObject({
      status: 'updated',
      changes: [{ attribute: 'title' }],
    });
    expect(await bench.update({ ...sparse, row: rowOf(2), login: 'nobody@example.com' })).toMatchObject({
      status: 'invalid',
      problems: [missing],
    });
  });
});

describe('groups', () => {
  it('of the row are joined, and no others are left', async () => {
    const bench = await updateBench(users(1));
    const [staff, pilots] = [await groupIdOf(bench, 'Staff'), await groupIdOf(bench, 'Pilots')];
    await bench.client.addToGroup(pilots, bench.user(1).id);
    const create = createOf(1);

    const outcome = await bench.update({ ...create, request: { ...create.request, groupIds: [staff] } });

    expect(outcome).toMatchObject({ status: 'updated', changes: [], joined: [staff] });
    expect(bench.okta.groupsOf('user1@example.com')).toEqual(['Pilots', 'Staff']);
  });

  it.each([1, 1000])('that the user is already in need no write, in a run of %i rows', async (rows) => {
    const bench = await updateBench(users(1), { rows });
    const staff = await groupIdOf(bench, 'Staff');
    await bench.client.addToGroup(staff, bench.user(1).id);
    const create = createOf(1);

    const outcome = await bench.update({ ...create, request: { ...create.request, groupIds: [staff] } });

    expect(outcome).toMatchObject({ status: 'unchanged' });
    expect(bench.okta.ledger.requests({ operation: 'assignUserToGroup' })).toBe(1);
  });

  it('beyond the 20 that a create accepts are joined with the same row', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `Team ${String(index).padStart(2, '0')}`);
    const bench = await updateBench({ seed: { groups: names.map((name) => ({ name })) } });
    const ids = await Promise.all(names.map((name) => groupIdOf(bench, name)));
    const create = createOf(1);
    const request = { ...create.request, groupIds: ids.slice(0, 20) };

    const outcome = await bench.apply({ ...create, request, moreGroupIds: ids.slice(20) });

    expect(outcome).toMatchObject({ status: 'created' });
    expect(bench.okta.groupsOf('user1@example.com').toSorted()).toEqual(names);
  });

  it('that cannot be joined fail the row, with the created user', async () => {
    const bench = await updateBench();
    const outcome = await bench.apply({ ...createOf(1), moreGroupIds: ['00g0000000000000none'] });

    expect(outcome).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('was created, but could not be added to all groups') },
      written: { status: 'created', oktaId: bench.user(1).id },
    });
  });
});

describe('an update without a response', () => {
  it.each([
    'reset-after-commit',
    '500-after-commit',
    '504-after-commit',
    'truncated-body',
    'empty-body',
  ] as const)('through %s is read before anything is sent again', async (then) => {
    const bench = await updateBench({ ...users(1), faults: [{ on: 'updateUser', nth: 1, then }] });

    const outcome = await bench.update(createOf(1, { title: 'Lead' }));

    expect(outcome).toMatchObject({
      status: 'updated',
      changes: [{ attribute: 'title', from: null, to: 'Lead' }],
    });
    expect(bench.okta.ledger.requests({ operation: 'updateUser' })).toBe(1);
  });

  it.each(['reset-before-commit', 'status-500', 'status-502', '429-no-headers'] as const)(
    'through %s is sent again when it was not done',
    async (then) => {
      const bench = await updateBench({ ...users(1), faults: [{ on: 'updateUser', nth: 1, then }] });

      expect(await bench.update(createOf(1, { title: 'Lead' }))).toMatchObject({ status: 'updated' });
      expect(bench.user(1).profile).toMatchObject({ title: 'Lead' });
    },
  );

  it('is in doubt when the org never shows its outcome', async () => {
    const bench = await updateBench({ ...users(1), faults: [{ on: 'updateUser', then: 'status-500' }] });

    expect(await bench.update(createOf(1, { title: 'Lead' }))).toMatchObject({
      status: 'failed',
      error: { errorCode: 'ERR_OUTCOME_UNKNOWN', message: expect.stringContaining('been updated') },
    });
  });

  it('is not sent again by a resumed run that finds it done, and the former value is kept', async () => {
    const bench = await updateBench(users(1, { title: 'Engineer' }));
    await bench.client.updateProfile(bench.user(1).id, { title: 'Lead' });
    const changes = [{ attribute: 'title', from: 'Engineer', to: 'Lead' }];
    const interrupted = { oktaId: bench.user(1).id, changes, joins: [] };

    const outcome = await bench.apply(createOf(1, { title: 'Lead' }), {
      existing: bench.existing,
      past: {
        isInDoubt: () => true,
        possibleCreates: () => [],
        interruptedUpdate: () => interrupted,
      },
    });

    expect(outcome).toMatchObject({ status: 'updated', attempts: 0, changes });
    expect(bench.okta.ledger.requests({ operation: 'updateUser' })).toBe(1);
  });

  it.each([
    ['never', { then: 'okta-error', errorCode: 'E0000031' } as const, { status: 'failed', attempts: 0 }],
    ['only after some 404s', { times: 2, then: 'not-found' } as const, { status: 'updated', attempts: 0 }],
  ])('is known to a resumed run that can read the user %s', async (_, fault, expected) => {
    const bench = await updateBench(users(1, { title: 'Engineer' }));
    await bench.client.updateProfile(bench.user(1).id, { title: 'Lead' });
    bench.okta.addFault({ on: 'getUser', ...fault });
    const changes = [{ attribute: 'title', from: 'Engineer', to: 'Lead' }];
    const interrupted = { oktaId: bench.user(1).id, changes, joins: [] };

    const outcome = await bench.apply(createOf(1, { title: 'Lead' }), {
      existing: bench.existing,
      past: { isInDoubt: () => true, possibleCreates: () => [], interruptedUpdate: () => interrupted },
    });

    expect(outcome).toMatchObject(
      expected.status === 'failed'
        ? { ...expected, error: { errorCode: 'ERR_OUTCOME_UNKNOWN' } }
        : { ...expected, changes },
    );
  });

  it('is completed by a resumed run that finds it half done', async () => {
    const bench = await updateBench(users(1, { title: 'Engineer' }));
    const staff = await groupIdOf(bench, 'Staff');
    await bench.client.updateProfile(bench.user(1).id, { title: 'Lead' });
    const changes = [{ attribute: 'title', from: 'Engineer', to: 'Lead' }];
    const interrupted = { oktaId: bench.user(1).id, changes, joins: [staff] };
    const create = createOf(1, { title: 'Lead' });

    const outcome = await bench.apply(
      { ...create, request: { ...create.request, groupIds: [staff] } },
      {
        existing: bench.existing,
        past: {
          isInDoubt: () => true,
          possibleCreates: () => [],
          interruptedUpdate: () => interrupted,
        },
      },
    );

    expect(outcome).toMatchObject({ status: 'updated', changes, joined: [staff] });
    expect(bench.okta.groupsOf('user1@example.com')).toEqual(['Staff']);
  });
});

describe('a login that changed hands while an update of its user was interrupted', () => {
  it('gives the former owner back what was written, and updates the new owner', async () => {
    const bench = await updateBench(users(2, { title: 'Engineer' }));
    const staff = await groupIdOf(bench, 'Staff');
    const { id: formerOwner } = bench.user(1);
    const { id: newOwner } = bench.user(2);
    // What the interrupted run had written, and then somebody else.
    await bench.client.updateProfile(formerOwner, { title: 'Lead' });
    await bench.client.addToGroup(staff, formerOwner);
    await bench.client.updateProfile(formerOwner, { login: 'former@example.com' });
    await bench.client.updateProfile(newOwner, { login: 'user1@example.com' });
    const changes = [{ attribute: 'title', from: 'Engineer', to: 'Lead' }];
    const interrupted = { oktaId: formerOwner, changes, joins: [staff] };
    const create = createOf(1, { title: 'Lead' });

    const outcome = await bench.apply(
      { ...create, request: { profile: { login: 'user1@example.com', title: 'Lead' }, groupIds: [staff] } },
      {
        existing: bench.existing,
        past: { isInDoubt: () => true, possibleCreates: () => [], interruptedUpdate: () => interrupted },
      },
    );

    expect(outcome).toMatchObject({ status: 'updated', oktaId: newOwner, changes, joined: [staff] });
    expect(bench.okta.findUser(formerOwner)?.profile).toMatchObject({ title: 'Engineer' });
    expect(bench.okta.groupsOf(formerOwner)).toEqual([]);
    expect(bench.okta.groupsOf(newOwner)).toEqual(['Staff']);
  });
});

describe('a listing', () => {
  it('is read once for many rows, and users that differ are read again before they are written', async () => {
    const bench = await updateBench(users(30), { rows: 1000 });

    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        bench.update(createOf(index + 1, index < 2 ? { title: 'Lead' } : {})),
      ),
    );

    expect(outcomes.filter(({ status }) => status === 'updated')).toHaveLength(2);
    expect(bench.okta.ledger.requests({ operation: 'listUsers' })).toBe(1);
    expect(bench.okta.ledger.requests({ operation: 'getUser' })).toBe(2);
  });

  it('that is out of date causes no write: the user is read first, and from then on every user is', async () => {
    const bench = await updateBench(users(40), { rows: 1000 });
    await bench.update(createOf(1));
    for (let row = 2; row <= 40; row += 1) {
      await bench.client.updateProfile(bench.user(row).id, { title: 'Lead' });
    }
    const sentBefore = bench.okta.ledger.requests({ operation: 'updateUser' });

    for (let row = 2; row <= 40; row += 1) {
      expect(await bench.update(createOf(row, { title: 'Lead' }))).toMatchObject({ status: 'unchanged' });
    }
    expect(bench.okta.ledger.requests({ operation: 'updateUser' })).toBe(sentBefore);
  });

  it("with a user's former login causes no write to that user", async () => {
    const bench = await updateBench(users(3), { rows: 1000 });
    await bench.update(createOf(1));
    const { id } = bench.user(2);
    await bench.client.updateProfile(id, { login: 'married@example.com' });

    expect(await bench.update(createOf(2, { title: 'Lead' }))).toMatchObject({ status: 'created' });
    expect(bench.okta.findUser(id)?.profile).not.toHaveProperty('title');
  });

  it('without a user created since is corrected by the rejected create', async () => {
    const bench = await updateBench(users(1), { rows: 1000 });
    await bench.update(createOf(1));
    await bench.apply(createOf(2));

    expect(await bench.update(createOf(2, { title: 'Lead' }))).toMatchObject({
      status: 'updated',
      changes: [{ attribute: 'title' }],
    });
  });

  it('older than a minute is not trusted: every user is read first', async () => {
    let laterMs = 0;
    const clock = { ...hastyClock, now: () => hastyClock.now() + laterMs };
    const bench = await updateBench(users(30), { rows: 1000, clock });
    await bench.update(createOf(1));
    laterMs = 61_000;
    for (let row = 2; row <= 30; row += 1) await bench.update(createOf(row, { title: 'Lead' }));

    expect(bench.okta.ledger.requests({ operation: 'getUser' })).toBe(29);
  });

  it('that leads to a write to the former owner of a login reverts it, and updates the new owner', async () => {
    const bench = await updateBench(users(5, { title: 'Engineer' }), { rows: 1000 });
    // The first two are read again; this is about the others.
    for (const row of [1, 2]) await bench.update(createOf(row, { title: 'Lead' }));
    const former = bench.user(3).id;
    await bench.client.updateProfile(former, { login: 'married@example.com' });
    await bench.apply(createOf(3, { title: 'Trainee' }));

    const outcome = await bench.update(createOf(3, { title: 'Lead' }));

    expect(outcome).toMatchObject({ status: 'updated', changes: [{ attribute: 'title', from: 'Trainee' }] });
    expect(bench.user(3).profile).toMatchObject({ title: 'Lead' });
    expect(bench.okta.findUser(former)?.profile).toMatchObject({ title: 'Engineer' });
  });

  it('that leads to a write to a user deactivated since fails the row, with what undo needs', async () => {
    const bench = await updateBench(
      { ...users(5), orgOptions: { editDeactivatedProfiles: true } },
      { rows: 1000 },
    );
    for (const row of [1, 2]) await bench.update(createOf(row, { title: 'Lead' }));
    await bench.client.deleteUser(bench.user(3).id);

    expect(await bench.update(createOf(3, { title: 'Lead' }))).toMatchObject({
      status: 'failed',
      error: { errorCode: 'deprovisioned' },
      written: { status: 'updated', changes: [{ attribute: 'title', from: null, to: 'Lead' }] },
    });
  });

  it('that the org rejects is replaced by single reads', async () => {
    const bench = await updateBench(
      { ...users(3), faults: [{ on: 'listUsers', then: 'okta-error', errorCode: 'E0000006' }] },
      { rows: 1000 },
    );
    expect(await bench.update(createOf(2, { title: 'Lead' }))).toMatchObject({ status: 'updated' });
  });
});

it('an update reads the groups of the user once, although it checks again what is missing after the write', async () => {
  const seed = users(1).seed!;
  const bench = await updateBench({
    seed: { ...seed, users: [{ profile: profileOf(1), groups: ['Staff'] }] },
  });
  const groupIds = [await groupIdOf(bench, 'Staff')];
  const { request, ...operation } = createOf(1, { title: 'Lead' });

  const outcome = await bench.update({ ...operation, request: { ...request, groupIds } });

  expect(outcome).toMatchObject({ status: 'updated' });
  expect(bench.okta.ledger.requests({ operation: 'listUserGroups' })).toBe(1);
});
