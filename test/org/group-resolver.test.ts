import { describe, expect, it } from 'vitest';

import { GroupResolver, type CreatedGroup } from '../../src/org/group-resolver.js';
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

function idOf(group: CreatedGroup): string {
  if ('problem' in group) throw new Error(group.problem);
  return group.id;
}
