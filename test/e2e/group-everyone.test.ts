import { expect, it } from 'vitest';

import { peopleIn } from '../helpers/people.js';
import { scene } from '../helpers/scene.js';

const MESSAGE =
  'groups: Okta adds every user to the group Everyone, and rejects it in a request. Remove it from the groups.';

it('the built-in group Everyone is refused by its name in any case, and is not created', async () => {
  const { at, run } = await scene();
  const file = at.file('people.csv', peopleIn('Everyone', 'everyone'));

  for (const command of [
    ['validate', '--org'],
    ['import', '--create-groups'],
  ]) {
    const [name = '', flag = ''] = command;
    expect((await run(name, file, flag, `--run-id=${name}`)).exitCode).toBe(1);
    expect(
      at.run(name).results.map(({ status, errorCode, message }) => [status, errorCode, message]),
    ).toEqual([
      ['invalid', 'group-everyone', MESSAGE],
      ['invalid', 'group-everyone', MESSAGE],
    ]);
  }
});

it("an org's own group of that name is accepted, since the org is asked", async () => {
  const { at, run, okta } = await scene({ seed: { groups: [{ name: 'everyone' }] } });
  const file = at.file('people.csv', peopleIn('everyone'));

  expect((await run('validate', file, '--org')).exitCode).toBe(0);
  expect((await run('import', file)).exitCode).toBe(0);
  expect(okta.groupsOf('p1@example.com')).toEqual(['everyone']);
});
