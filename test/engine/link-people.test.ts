import { expect, it } from 'vitest';

import { linkPeople } from '../../src/engine/link-people.js';
import { createOf, workbench } from './build.js';

it.each([
  ['written', undefined, 'updated'],
  ['there already', '00uManager', 'unchanged'],
] as const)(
  'keeps what a sync says of edits in Okta when the manager is %s',
  async (_, managerId, status) => {
    const { client, context } = await workbench();
    const { request, row, login } = createOf(1, managerId === undefined ? {} : { managerId });
    const { user } = await client.createUser(JSON.stringify(request), { activate: false });
    const outcome = {
      row: row.row,
      line: row.line,
      login,
      attempts: 0,
      durationMs: 0,
      status: 'unchanged',
      oktaId: user.id,
      userStatus: 'STAGED',
      keptEdits: ['title'],
    } as const;
    const links = [{ attribute: 'managerId', row: 2, login: 'user2@example.com' }];

    const linked = await linkPeople({ row, outcome, links }, () => '00uManager', context);

    expect(linked).toMatchObject({ status, keptEdits: ['title'] });
  },
);
