import { describe, expect, it } from 'vitest';

import { GroupResolver, type CreatedGroup } from '../../src/org/group-resolver.js';
import type { FaultBeforeCommit } from '../../src/sandbox/faults.js';
import { workbench } from '../engine/build.js';

const TAKEN = 'name: An object with this field already exists in the current organization';

describe('a group that does not exist', () => {
  it('is a problem, unless it may be created', async () => {
    const { client } = await workbench();
    const strict = new GroupResolver(client, []);
    const generous = new GroupResolver(client, [], { createsGroups: true });

    expect(await strict.group('Night shift', {})).toMatchObject({
      problem: expect.stringContaining('--create-groups'),
    });
    expect(await generous.group('Night shift', {})).toEqual({ missing: 'Night shift' });
    // Something that looks like an ID is a mistake, not a name.
    expect(await generous.group('00gabcdefghijklmnopq', {})).toHaveProperty('problem');
  });

  it('is created once, however many rows name it at the same time', async () => {
    const { client, okta } = await workbench({ latencyMs: 20 });
    const directory = new GroupResolver(client, [], { createsGroups: true });

    const created = await Promise.all(
      Array.from({ length: 20 }, () => directory.createGroup('Night shift', {})),
    );

    expect(new Set(created.map(idOf)).size).toBe(1);
    expect(created.filter((group) => 'isNew' in group && group.isNew)).toHaveLength(1);
    expect(okta.ledger.requests({ operation: 'createGroup' })).toBe(1);
    expect(await directory.group('Night shift', {})).toEqual({ id: idOf(created[0]!), isNew: true });
  });

  it.each(['reset-after-commit', '502-after-commit', 'empty-body'] as const)(
    'is not created twice when the answer is lost (%s)',
    async (then) => {
      const { client, okta } = await workbench({ faults: [{ on: 'createGroup', nth: 1, then }] });
      const directory = new GroupResolver(client, [], { createsGroups: true });

      const created = await directory.createGroup('Night shift', {});

      expect(created).toMatchObject({ isNew: true });
      expect(await client.findGroupsByName('Night shift')).toMatchObject([{ id: idOf(created) }]);
      expect(okta.ledger.requests({ operation: 'createGroup', status: 400 })).toBe(1);
    },
  );

  it('whose name exists in another spelling is a problem, found out once', async () => {
    const { client, okta } = await workbench({
      faults: [{ on: 'createGroup', then: 'okta-error', errorCode: 'E0000001', causes: [TAKEN] }],
    });
    const directory = new GroupResolver(client, [], { createsGroups: true });

    const answers = await Promise.all([1, 2].map(() => directory.createGroup('night shift', {})));

    for (const answer of answers) {
      expect(answer).toMatchObject({ problem: expect.stringContaining('"night shift"') });
    }
    expect(okta.ledger.requests({ operation: 'createGroup' })).toBe(3);
  });

  it('that another client creates meanwhile is not new', async () => {
    const { client } = await workbench();
    const directory = new GroupResolver(client, [], { createsGroups: true });
    await directory.group('Night shift', {});
    const { id } = await client.createGroup('Night shift');

    expect(await directory.createGroup('Night shift', {})).toEqual({ id, isNew: false });
  });
});

describe('a group that cannot be looked up or created', () => {
  const failures: readonly [string, FaultBeforeCommit][] = [
    ['an error of the org', { then: 'okta-error', errorCode: 'E0000031' }],
    ['a page of a gateway', { then: 'html-body', status: 403 }],
    ['server errors to the end', { then: 'status-500' }],
  ];

  it.each(failures)(
    'because of %s is a failure that names it, not a problem of the file',
    async (_, fault) => {
      const faults = [{ on: 'listGroups' as const, ...fault }];
      const { client } = await workbench({ faults }, { giveUpAfterMs: 100 });
      const resolver = new GroupResolver(client, []);

      const resolved = await resolver.group('Odd', {});

      expect(resolved).not.toHaveProperty('problem');
      expect(resolved).toMatchObject({
        message: expect.stringContaining('The group "Odd" could not be looked up: '),
      });
    },
  );

  it.each<[string, FaultBeforeCommit, 'problem' | 'message']>([
    [...failures[0]!, 'problem'],
    [...failures[1]!, 'message'],
    [...failures[2]!, 'message'],
  ])(
    'and that is created, but fails because of %s, is named, and a problem only if Okta rejects it',
    async (_, fault, property) => {
      const { client } = await workbench({ faults: [{ on: 'createGroup', ...fault }] });
      const resolver = new GroupResolver(client, [], { createsGroups: true });
      await resolver.group('Odd', {});

      expect(await resolver.createGroup('Odd', {})).toMatchObject({
        [property]: expect.stringContaining(
          'The group "Odd" could not be created: POST /api/v1/groups failed with',
        ),
      });
    },
  );

  it('stops the run when the org fails whatever is asked', async () => {
    const { client } = await workbench(
      { faults: [{ on: ['listGroups', 'getUser'], then: 'status-500' }] },
      { giveUpAfterMs: 100 },
    );

    await expect(new GroupResolver(client, []).group('Odd', {})).rejects.toMatchObject({
      code: 'ERR_ORG_AWAY',
    });
  });

  it('is tried again for the next rows, but not for all', async () => {
    const { client, okta } = await workbench({
      faults: [{ on: 'listGroups', then: 'okta-error', errorCode: 'E0000031' }],
    });
    const resolver = new GroupResolver(client, []);
    for (let row = 1; row <= 10; row += 1) {
      expect(await resolver.group('Odd', {})).toHaveProperty('failure');
    }

    expect(okta.ledger.requests({ operation: 'listGroups' })).toBe(3);
  });

  it.each([
    ['a control character', 'Sal\u001bes', 'contains a control character (U+001B)'],
    ['20,000 characters', 'x'.repeat(20_000), 'has 20000 characters, but Okta allows at most 255'],
    ['an emoji', 'Sales 🚀', 'contains 🚀 (U+1F680), which Okta cannot store'],
  ])('since its name has %s is a problem without a request', async (_, name, text) => {
    const { client, okta } = await workbench();
    const resolver = new GroupResolver(client, [], { createsGroups: true });

    expect(await resolver.group(name, {})).toMatchObject({ problem: expect.stringContaining(text) });
    expect(okta.ledger.requests({ operation: 'listGroups' })).toBe(0);
  });

  it('since the admin may see no groups stops the run; once another was found, its rows fail', async () => {
    const { client } = await workbench({
      faults: [{ on: 'listGroups', nth: [1, 3], then: 'okta-error', errorCode: 'E0000006' }],
      seed: { groups: [{ name: 'Sales' }] },
    });
    const resolver = new GroupResolver(client, []);

    await expect(resolver.group('Odd', {})).rejects.toMatchObject({ errorCode: 'E0000006' });
    expect(await resolver.group('Sales', {})).toHaveProperty('id');
    expect(await resolver.group('Odd', {})).toHaveProperty('failure');
  });

  it('stops the run when the org tells about none of three groups, and asks again when that is wished', async () => {
    const { client, okta } = await workbench({
      faults: [{ on: 'listGroups', then: 'html-body', status: 200 }],
      seed: { groups: [{ name: 'Sales' }] },
    });
    const resolver = new GroupResolver(client, []);

    expect(await resolver.group('Sales', {})).toHaveProperty('failure');
    expect(await resolver.group('Legal', {})).toHaveProperty('failure');
    await expect(resolver.group('Works', {})).rejects.toMatchObject({ code: 'ERR_OKTA_UNREADABLE_ANSWER' });

    okta.clearFaults();
    expect(await resolver.group('Sales', {})).toHaveProperty('failure');
    resolver.forgetFailures();
    expect(await resolver.group('Sales', {})).toHaveProperty('id');
  });

  it('since the admin may not see the group with this ID is a problem from the first on', async () => {
    const { client } = await workbench({
      faults: [{ on: 'getGroup', then: 'okta-error', errorCode: 'E0000006' }],
    });

    expect(await new GroupResolver(client, []).group('00gabcdefghijklmnopq', {})).toMatchObject({
      problem: expect.stringContaining('may not see the group 00gabcdefghijklmnopq'),
    });
  });

  it('since the token was revoked stops the run, even after other groups were found', async () => {
    const { client } = await workbench({
      faults: [{ on: 'listGroups', nth: 2, then: 'revoke-token' }],
      seed: { groups: [{ name: 'Sales' }] },
    });
    const resolver = new GroupResolver(client, []);
    await resolver.group('Sales', {});

    await expect(resolver.group('Odd', {})).rejects.toMatchObject({ status: 401 });
  });
});

function idOf(group: CreatedGroup): string {
  if (!('id' in group)) throw new Error(JSON.stringify(group));
  return group.id;
}
