import { describe, expect, it } from 'vitest';

import { Directory } from '../../src/run/directory.js';
import { workbench } from './build.js';

describe('a group that is not there', () => {
  it('is a problem, unless it may be created', async () => {
    const { client } = await workbench();
    const strict = new Directory(client, []);
    const generous = new Directory(client, [], { createsGroups: true });

    expect(await strict.group('Night shift', {})).toMatchObject({
      problem: expect.stringContaining('--create-groups'),
    });
    expect(await generous.group('Night shift', {})).toEqual({ missing: 'Night shift' });
    // What looks like an id is a mistake, not a name.
    expect(await generous.group('00gabcdefghijklmnopq', {})).toHaveProperty('problem');
  });

  it('is created once, however many ask for it at once', async () => {
    const { client, okta } = await workbench({ latencyMs: 20 });
    const directory = new Directory(client, [], { createsGroups: true });

    const created = await Promise.all(
      Array.from({ length: 20 }, () => directory.createGroup('Night shift', {})),
    );

    expect(new Set(created.map(({ id }) => id)).size).toBe(1);
    expect(created.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(okta.ledger.requests({ operation: 'createGroup' })).toBe(1);
    expect(await directory.group('Night shift', {})).toEqual({ id: created[0]?.id });
  });

  it.each(['reset-after-commit', '502-after-commit', 'empty-body'] as const)(
    'is not created twice when the answer is lost (%s)',
    async (then) => {
      const { client, okta } = await workbench({ faults: [{ on: 'createGroup', nth: 1, then }] });
      const directory = new Directory(client, [], { createsGroups: true });

      const { id, isNew } = await directory.createGroup('Night shift', {});

      expect(isNew).toBe(true);
      expect(await client.findGroupsByName('Night shift')).toMatchObject([{ id }]);
      expect(okta.ledger.requests({ operation: 'createGroup', status: 400 })).toBe(1);
    },
  );

  it('that somebody else creates meanwhile is theirs', async () => {
    const { client } = await workbench();
    const directory = new Directory(client, [], { createsGroups: true });
    await directory.group('Night shift', {});
    const { id } = await client.createGroup('Night shift');

    expect(await directory.createGroup('Night shift', {})).toEqual({ id, isNew: false });
  });
});
