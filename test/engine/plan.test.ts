import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MappedRow } from '../../src/mapping/user-request.js';
import { GroupResolver } from '../../src/org/group-resolver.js';
import type { CreateOperation, Planned } from '../../src/rows/operation.js';
import { planImport, type CheckedRow, type PlanOptions } from '../../src/engine/plan.js';
import { Cancellation } from '../../src/rows/cancellation.js';
import { createdOutcome, profileOf, rowOf, workbench } from './build.js';

function mapped(row: number, more: Partial<MappedRow> = {}): MappedRow {
  const profile = profileOf(row);
  return {
    row: rowOf(row),
    login: String(profile['login']),
    request: { profile },
    groups: [],
    type: undefined,
    problems: [],
    isReadable: true,
    ...more,
  };
}

async function* atOnce(rows: readonly CheckedRow[]): AsyncGenerator<readonly CheckedRow[]> {
  yield rows;
}

async function planned(
  rows: Iterable<CheckedRow>,
  more: Partial<PlanOptions> = {},
): Promise<Planned<CreateOperation>[]> {
  const cancellation = new Cancellation();
  const options: PlanOptions = {
    activate: true,
    changePassword: false,
    columnOf: (attribute) => `column of ${attribute}`,
    cancellation,
    ...more,
  };
  const items: Planned<CreateOperation>[] = [];
  for await (const batch of planImport(atOnce([...rows]), options)) items.push(...batch);
  return items;
}

const good = (row: number, more?: Partial<MappedRow>): CheckedRow => ({
  mapped: mapped(row, more),
  problems: [],
});
const problem = { code: 'too-long', column: 'Title', message: 'Too long.' };

describe('every row', () => {
  it('becomes one operation or one outcome, in file order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ isBad: fc.boolean(), isLeftOut: fc.boolean(), isSettled: fc.boolean() })),
        async (rows) => {
          const items = await planned(
            rows.map(({ isBad }, index) => ({
              mapped: mapped(index + 1),
              problems: isBad ? [problem] : [],
            })),
            {
              isSelected: (row) => !rows[row - 1]?.isLeftOut,
              settledEarlier: (row) => (rows[row - 1]?.isSettled ? createdOutcome(row) : undefined),
            },
          );
          expect(items.map((item) => item.row.row)).toEqual(rows.map((_, index) => index + 1));
          expect(items.map((item) => (item.kind === 'decided' ? item.outcome.status : item.kind))).toEqual(
            rows.map(({ isBad, isLeftOut, isSettled }) => {
              if (isSettled) return 'created';
              if (isLeftOut) return 'not-attempted';
              return isBad ? 'invalid' : 'create';
            }),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('after the abort is not attempted, and its groups are not looked up', async () => {
    const cancellation = new Cancellation();
    cancellation.abort({ kind: 'interrupted', signal: 'SIGINT' });
    const { client, okta } = await workbench();
    const before = okta.ledger.requests();
    const items = await planned([good(1, { groups: ['Sales'] })], {
      cancellation,
      groupResolver: new GroupResolver(client, []),
    });
    expect(items).toMatchObject([
      { kind: 'decided', outcome: { status: 'not-attempted', reason: expect.stringContaining('SIGINT') } },
    ]);
    expect(okta.ledger.requests()).toBe(before);
  });

  it('has the create options for its flags and its provider', async () => {
    const provider = { type: 'FEDERATION', name: 'FEDERATION' };
    const request = { profile: profileOf(1), credentials: { provider } };
    const [item, other] = await planned([good(1, { request }), good(2)], {
      activate: false,
      changePassword: true,
    });
    expect(item).toMatchObject({ options: { activate: false, provider: true } });
    // Okta refuses to expire the password of a staged user.
    expect(other).toMatchObject({ options: { activate: false, nextLogin: undefined, provider: undefined } });
  });
});

describe('groups and user types', () => {
  const groups = [{ name: 'Sales' }, { name: 'App', type: 'APP_GROUP' as const }];

  it('become IDs, with one lookup per group however many rows name it', async () => {
    const { client, okta } = await workbench({ seed: { groups } });
    const groupResolver = new GroupResolver(client, await client.listUserTypes());
    const rows = Array.from({ length: 20 }, (_, index) =>
      good(index + 1, { groups: ['Sales'], type: 'USER' }),
    );
    const items = await planned(rows, { groupResolver });
    const [group] = await client.findGroupsByName('Sales');
    const [type] = groupResolver.userTypes;
    for (const item of items) {
      expect(item).toMatchObject({ request: { groupIds: [group?.id], type: { id: type?.id } } });
    }
    expect(okta.ledger.requests({ operation: 'listGroups' })).toBe(2);
  });

  it('are created when their row is pulled, not with the rows before it', async () => {
    const { client, okta } = await workbench({ seed: { groups } });
    const created = (): number => okta.ledger.requests({ operation: 'createGroup' });
    const rows = [good(1), good(2), good(3, { groups: ['New'] }), good(4)];
    const cancellation = new Cancellation();
    const batches = planImport(atOnce(rows), {
      activate: true,
      changePassword: false,
      groupResolver: new GroupResolver(client, [], { createsGroups: true }),
      onGroupCreated: () => Promise.resolve(),
      columnOf: () => undefined,
      cancellation,
    });
    const seen: [rows: number[], created: number][] = [];
    for await (const batch of batches) seen.push([batch.map(({ row }) => row.row), created()]);

    expect(seen).toEqual([
      [[1, 2], 0],
      [[3], 1],
      [[4], 1],
    ]);
  });

  it('that do not exist are problems of the row, reported together', async () => {
    const { client } = await workbench({ seed: { groups } });
    const groupResolver = new GroupResolver(client, await client.listUserTypes());
    const [item] = await planned(
      [good(1, { groups: ['sales', 'App', 'Everyone', 'Sales'], type: 'contractor' })],
      { groupResolver },
    );
    expect(item).toMatchObject({
      kind: 'decided',
      outcome: {
        status: 'invalid',
        problems: [
          { code: 'unknown-group', message: expect.stringContaining('no group "sales"') },
          { code: 'unknown-group', message: expect.stringContaining('belongs to an application') },
          {
            code: 'group-everyone',
            message: expect.stringContaining('Okta adds every user to the group Everyone'),
          },
          { code: 'unknown-type', column: 'column of type', message: expect.stringContaining('"user"') },
        ],
      },
    });
  });

  it('are also found by ID', async () => {
    const { client } = await workbench({ seed: { groups } });
    const [group] = await client.findGroupsByName('Sales');
    const groupResolver = new GroupResolver(client, await client.listUserTypes());
    expect(await groupResolver.group(group!.id, {})).toEqual({ id: group!.id });
    expect(await groupResolver.group('00gAAAAAAAAAAAAAAAAA', {})).toHaveProperty('problem');
    const [type] = groupResolver.userTypes;
    expect(groupResolver.userType(type!.id)).toBe(type);
    expect(groupResolver.userType(type!.displayName.toUpperCase())).toBe(type);
    expect(groupResolver.userType('nobody')).toBeUndefined();
  });

  it('stop the run when they cannot be looked up, and are looked up again the next time', async () => {
    const { client, okta } = await workbench({
      seed: { groups },
      faults: [{ on: 'listGroups', nth: 1, then: 'okta-error', errorCode: 'E0000006' }],
    });
    const groupResolver = new GroupResolver(client, []);
    const cancellation = new Cancellation();
    const [item] = await planned([good(1, { groups: ['Sales'] })], { groupResolver, cancellation });
    expect(item).toMatchObject({ kind: 'decided', outcome: { status: 'not-attempted' } });
    expect(cancellation.stopReason()).toContain('E0000006');
    expect(await groupResolver.group('Sales', {})).toHaveProperty('id');
    expect(okta.ledger.requests({ operation: 'listGroups' })).toBe(2);
  });

  it.each([
    ['a control character', 'Sal\u001bes'],
    ['20,000 characters', 'x'.repeat(20_000)],
    ['an emoji', 'Sales 🚀'],
    ['a name that the org rejects', 'Odd'],
  ])('with %s are a problem of their rows, and do not stop the run', async (_, odd) => {
    const { client, okta } = await workbench({
      seed: { groups },
      faults: [{ on: 'createGroup', then: 'okta-error', errorCode: 'E0000001', causes: ['name: Odd.'] }],
    });
    const cancellation = new Cancellation();
    const items = await planned(
      [good(1, { groups: [odd] }), good(2, { groups: ['Sales'] }), good(3, { groups: [odd] })],
      {
        groupResolver: new GroupResolver(client, [], { createsGroups: true }),
        onGroupCreated: () => Promise.resolve(),
        cancellation,
      },
    );

    expect(cancellation.isAborted).toBe(false);
    expect(items).toMatchObject([
      { kind: 'decided', outcome: { status: 'invalid', problems: [{ code: 'unknown-group' }] } },
      { kind: 'create' },
      { kind: 'decided', outcome: { status: 'invalid', problems: [{ code: 'unknown-group' }] } },
    ]);
    expect(okta.ledger.requests({ operation: 'createUser' })).toBe(0);
  });

  it('that were already reported as impossible names are not reported again', async () => {
    const { client } = await workbench({ seed: { groups } });
    const known = { code: 'group-name', column: 'Groups', message: 'Remove it.' };
    const row = { ...good(1, { groups: ['Sal\u001bes', 'Nowhere'] }), problems: [known] };
    const [item] = await planned([row], { groupResolver: new GroupResolver(client, []) });

    expect(item).toMatchObject({ outcome: { problems: [known, { code: 'unknown-group' }] } });
  });

  it('of a row whose cells are in the wrong columns are not looked up', async () => {
    const { client, okta } = await workbench();
    const known = { code: 'row-shifted', column: undefined, message: 'Look for a missing cell.' };
    const row = { ...good(1, { groups: ['Pa55-word'] }), problems: [known] };
    const [item] = await planned([row], { groupResolver: new GroupResolver(client, []) });

    expect(item).toMatchObject({ outcome: { status: 'invalid', problems: [known] } });
    expect(JSON.stringify(item)).not.toContain('no group');
    expect(okta.ledger.requests({ operation: 'listGroups' })).toBe(0);
  });

  it('are not looked up offline', async () => {
    expect(await planned([good(1, { groups: ['Sales'], type: 'contractor' })])).toMatchObject([
      { kind: 'create', request: { profile: profileOf(1) } },
    ]);
  });
});

it('groups of later rows are looked up at once, as soon as one lookup has succeeded', async () => {
  const groups = Array.from({ length: 30 }, (_, index) => ({ name: `Team ${index + 1}` }));
  const { okta, client } = await workbench({ rateLimits: false, latencyMs: 20, seed: { groups } });
  const rows = groups.map(({ name }, index) => good(index + 1, { groups: [name] }));

  const items = await planned(rows, { groupResolver: new GroupResolver(client, []) });

  expect(items.map(({ kind }) => kind)).toEqual(rows.map(() => 'create'));
  expect(okta.ledger.requests({ operation: 'listGroups' })).toBe(30);
  expect(okta.ledger.maxInFlight).toBeGreaterThan(1);
});

it('names that may be secrets are not looked up ahead of their rows', async () => {
  const { okta, client } = await workbench({ rateLimits: false, seed: { groups: [{ name: 'Staff' }] } });
  const shifted = { code: 'row-shifted', column: 'Groups', message: 'Shifted.' };
  const rows = [
    good(1, { groups: ['Staff'] }),
    good(2, { groups: ['Staff'] }),
    { mapped: mapped(3, { groups: ['a password'] }), problems: [shifted] },
  ];

  await planned(rows, { groupResolver: new GroupResolver(client, []) });

  expect(okta.ledger.requests({ operation: 'listGroups' })).toBe(1);
});
