import { expect, it } from 'vitest';

import type { SandboxSeed } from '../../src/sandbox/seed.js';

import { cli } from '../helpers/in-process-cli.js';
import { loginOf, profileOf } from '../helpers/people.js';
import { scene, type Scene } from '../helpers/scene.js';

const DIRECTORY = { type: 'ACTIVE_DIRECTORY', name: 'corp.example.com' } as const;

/** The user of row 1 comes from a directory; Okta masters only the attribute `desk`. The user of row 2 is Okta's own. */
const sceneWith = (users: SandboxSeed['users'] = []): Promise<Scene> =>
  scene({
    flags: ['--if-exists=update'],
    seed: {
      attributes: { desk: { title: 'Desk', type: 'string', master: { type: 'OKTA' } } },
      groups: [{ name: 'Staff' }],
      users: [{ profile: profileOf(1), directory: DIRECTORY }, { profile: profileOf(2) }, ...users],
    },
  });

const rowsOf = (...rows: readonly string[]): string =>
  `${['login,Job,desk,title,groups', ...rows].join('\n')}\n`;
const MAPPING = 'profile:\n  login: login\n  title: Job\n  department: title\n  desk: desk\ngroups: groups\n';

it('names the attributes that Okta refuses to change, and writes alone what Okta masters', async () => {
  const { okta, at, env, run } = await sceneWith();
  const file = at.file(
    'people.csv',
    rowsOf(`${loginOf(1)},Lead,4.17,Sales,Staff`, `${loginOf(2)},Lead,4.18,Sales,Staff`),
  );
  at.file('mapping.yaml', MAPPING);

  const result = await run('import', file, '--mapping=mapping.yaml', '--run-id=it');

  expect(result.exitCode).toBe(1);
  expect(at.run('it').results).toMatchObject([
    {
      status: 'failed',
      errorCode: 'E0000023',
      oktaId: okta.findUser(loginOf(1))?.id,
      message:
        'The profile of this user comes from Active Directory "corp.example.com", and Okta refuses to change title (column "Job") and department (column "title"). Change them there.',
    },
    { status: 'updated' },
  ]);
  expect(okta.findUser(loginOf(1))?.profile).toMatchObject({ desk: '4.17' });
  expect(okta.findUser(loginOf(1))?.profile).not.toHaveProperty('title');
  expect(okta.groupsOf(loginOf(1))).toEqual(['Staff']);

  await cli(['undo', 'it', '--yes'], { at, env });
  expect(okta.findUser(loginOf(1))?.profile).not.toHaveProperty('desk');
});

it('updates a directory user when only attributes that Okta masters change', async () => {
  const { okta, at, run } = await sceneWith();
  const file = at.file('people.csv', `login,desk\n${loginOf(1)},4.17\n`);

  expect((await run('import', file)).exitCode).toBe(0);
  expect(okta.findUser(loginOf(1))?.profile).toMatchObject({ desk: '4.17' });
  expect(okta.ledger.requests({ operation: 'updateUser', status: 403 })).toBe(0);
});

it.each([
  ['read one by one', 0],
  ['listed', 250],
])('warns in the plan, for users that are %s', async (_, more) => {
  const others = Array.from({ length: more }, (__, index) => ({ profile: profileOf(index + 3) }));
  const { okta, at, run } = await sceneWith(others);
  const rows = [1, 2, ...others.keys()].map((row) => `${loginOf(row)},Lead,4.17`);
  const file = at.file('people.csv', `login,title,desk\n${[...new Set(rows)].join('\n')}\n`);

  const { stderr } = await run('validate', file, '--org', '--run-id=check');

  const id = okta.findUser(loginOf(1))?.id;
  expect(stderr).toContain(
    `The profile of "${loginOf(1)}" (${id}) comes from Active Directory "corp.example.com". Okta may refuse to change title.`,
  );
  expect(at.run('check').results.find(({ login }) => login === loginOf(1))).toMatchObject({
    status: 'would-update',
  });
});
